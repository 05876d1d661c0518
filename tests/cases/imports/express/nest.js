async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.enableCors({ origin: ['https://app.example'], credentials: true });
  await app.listen(3000);
}
