const cors = require('@koa/cors');
app.use(cors({ origin: 'https://app.example' }));
