import { containersContract } from "./contract-containers.ts";
import { eventsContract } from "./contract-events.ts";
import { filesContract } from "./contract-files.ts";
import type { ContractHarness } from "./contract-harness.ts";
import { imagesContract } from "./contract-images.ts";
import { networksContract } from "./contract-networks.ts";
import { processContract } from "./contract-process.ts";

/** What every container engine of ours does; run on the fake and on Docker Engine, so that the fake cannot drift. */
export const containerEngineContract = (name: string, harness: () => Promise<ContractHarness>): void => {
  describe(`the container engine (${name})`, () => {
    let made: ContractHarness;
    beforeAll(async () => {
      made = await harness();
    });
    afterAll(() => made.tearDown());
    const use = () => made;
    containersContract(use);
    processContract(use);
    filesContract(use);
    imagesContract(use);
    networksContract(use);
    eventsContract(use);
  });
};
