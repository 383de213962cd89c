import { z } from "zod";
import { processConfig, runService } from "../run.ts";

/** The smallest service: a process of its own for the spec of `runService`. */
await runService({
  name: "specimen",
  config: z.object({ ...processConfig, mode: z.enum(["well", "stuck", "broken"]).default("well") }),
  components: ({ config }) => [
    {
      name: "part",
      start: async () => {
        // Rejects after the service is ready, with nobody to catch it.
        if (config.mode === "broken") setTimeout(() => void Promise.reject(new Error("left alone")), 50);
      },
      stop: () => (config.mode === "stuck" ? new Promise(() => {}) : Promise.resolve()),
    },
  ],
});
