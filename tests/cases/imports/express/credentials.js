import express from 'express';
import cors from 'cors';

const base = { credentials: true, maxAge: 24 * 60 * 60 };
const own = ['https://app.example', 'https://www.app.example/'];

const app = express();
app.use(express.json());
app.use(cors({
  ...base,
  origin: [
    ...own,
    'http://partner.example',
    'http://localhost:' + '5173',
    `https://${process.env.TENANT}.app.example`,
    process.env.FRONTEND_URL || 'http://localhost:3000',
    'https://*.preview.example',
    /^https:\/\/pr-\d+\.app\.example$/,
    /^https:\/\/.*\.vercel\.app$/,
    'null',
  ],
  allowedHeaders: 'Origin, X-Requested-With, Content-Type, Accept, Authorization',
  exposedHeaders: ['Content-Range', 'X-Total-Count'],
}));
