import { makeApp } from "./app.js";

const app = makeApp({ logger: true });
await app.listen({ host: "0.0.0.0", port: Number(process.env.PORT ?? 8080) });

// The platform sends TERM and waits: answer what is under way, then leave.
process.once("SIGTERM", () => app.close().then(() => process.exit(0)));
