const cors = require('cors');
const origins = ['https://app.example'];
if (process.env.DEV) origins.push('http://localhost:3000');
app.use(cors({ origin: origins, methods: METHODS }));
