import { runService } from "@slipway/runtime";
import { replicatorParts } from "./app.ts";
import { replicatorConfig } from "./config.ts";

await runService({
  name: "replicator",
  config: replicatorConfig,
  secretKeys: ["databaseUrl", "natsPassword"],
  components: replicatorParts,
});
