const cors = require('cors')

app.use(cors({
  origin: ['http://example1.com', /\.example2\.com$/],
  methods: 'GET,HEAD,PUT,PATCH,POST,DELETE',
  preflightContinue: false,
  optionsSuccessStatus: 204
}))
