const cors = require('cors');
const router = require('express').Router();
router.use(cors({ origin: 'https://app.example' }));
module.exports = router;
