const cors = require('cors');
const options = { origin: 'https://app.example', methods: ['PUT'], allowedHeaders: [] };
app.options('*', cors(options));
app.use(cors(options));
