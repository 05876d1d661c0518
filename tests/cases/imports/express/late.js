const cors = require('cors');
const app = express();
app.post('/webhook', express.raw(), (request, response) => response.end());
app.use(cors({ origin: 'https://app.example' }));
