export default {
  origin: ['HTTPS://Shop.Example:443', 'shop.example', 'https://a.example,https://b.example'],
  methods: ['get', 'put', 'TRACE', 'GET PATCH'],
  maxAge: -1,
};
