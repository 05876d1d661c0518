const cors = require('cors');
app.options('*', cors());
app.use(cors({ origin: 'https://app.example' }));
