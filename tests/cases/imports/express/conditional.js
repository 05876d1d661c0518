const cors = require('cors');
const app = express();
if (process.env.NODE_ENV !== 'production') {
  app.use(cors());
}
app.use('/api', cors({ origin: 'https://app.example' }));
