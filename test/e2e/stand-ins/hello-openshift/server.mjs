// Stands in for openshift/hello-openshift: the same words on the same two ports.
import { createServer } from "node:http";

const answer = process.env.RESPONSE ?? "Hello OpenShift!";
for (const port of [8080, 8888]) {
  createServer((_request, response) => response.end(`${answer}\n`)).listen(port, () => {
    console.log(`serving on ${port}`);
  });
}
process.once("SIGTERM", () => process.exit(0));
