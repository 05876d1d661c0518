const cors = require('cors');
const express = require('express');
const app = express();
const publicCors = cors();
const closed = { origin: false };

app.use('/public', publicCors);
app.use('/api/', cors({ origin: 'https://app.example', credentials: true }));
app.use('/internal', cors(closed));
