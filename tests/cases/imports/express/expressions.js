const cors = require('cors');
app.use(cors({
  origin: [
    /^HTTPS:\/\/[A-Z0-9-]+\.App\.Example$/i,
    /^https:\/\/app\.example$/g,
    /^https:\/\/www.app.example$/,
    /^https:\/\/(?<tenant>[a-z]+)\.app\.example(:\d+)?$/,
    /^https:\/\/(?!evil)[a-z]+\.app\.example$/,
    /^https:\/\/[A-z]+\.app\.example$/i,
    /[^]+\.app\.example$/,
    /app/,
    /^https:\/\/a\.app\.example$|^http:\/\/localhost(:\d+)?$/,
    new RegExp('\\.other\\.example$'),
    new RegExp(process.env.PATTERN),
  ],
}));
