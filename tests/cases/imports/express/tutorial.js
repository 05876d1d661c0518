// As in the tutorial that the Tea API comes from: everything about the origin is in one expression.
const express = require('express');
const cors = require('cors');
const app = express();

app.use(cors({
  origin: /(.*\.)?victoria-lo\.github\.io.*/,
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  allowedHeaders: ['Content-Type', 'Authorization'],
  optionsSuccessStatus: 200,
}));
