import { runService } from "@slipway/runtime";
import { schedulerParts } from "./app.ts";
import { schedulerConfig } from "./config.ts";

await runService({
  name: "scheduler",
  config: schedulerConfig,
  secretKeys: ["databaseUrl", "natsPassword"],
  components: schedulerParts,
});
