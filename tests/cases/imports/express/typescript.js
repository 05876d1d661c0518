import cors, { CorsOptions } from 'cors';
const options: CorsOptions = { origin: 'https://app.example' };
