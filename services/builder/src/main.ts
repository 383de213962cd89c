import { runService } from "@slipway/runtime";
import { builderParts } from "./app.ts";
import { builderConfig } from "./config.ts";

await runService({
  name: "builder",
  config: builderConfig,
  secretKeys: ["databaseUrl", "natsPassword", "registryPassword", "buildEnv"],
  components: builderParts,
});
