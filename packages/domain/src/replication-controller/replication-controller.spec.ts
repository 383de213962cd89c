import type { ReplicationControllerJson } from "@slipway/proto";
import { DeciderSpecification } from "@slipway/testkit";
import { replicationControllerDecider } from "./decider.ts";
import type { ReplicationControllerEvent } from "./events.ts";
import { replicationControllerView } from "./view.ts";

const controllers = DeciderSpecification.for(replicationControllerDecider);

const controller = (replicas: number | undefined, generation = 1): ReplicationControllerJson => ({
  kind: "ReplicationController",
  metadata: { name: "web", uid: "u1", generation },
  spec: { selector: { app: "web" }, ...(replicas === undefined ? {} : { replicas }) },
});
const created = (replicas?: number): ReplicationControllerEvent => ({
  type: "ReplicationControllerCreated",
  data: { replicationController: controller(replicas) },
});
const scaled = (replicas: number): ReplicationControllerEvent => ({
  type: "ReplicationControllerScaled",
  data: { uid: "u1", replicas },
});
const scale = (replicas: number, expected?: number) =>
  ({ type: "ScaleReplicationController", replicas, ...(expected === undefined ? {} : { expected }) }) as const;

describe("scaling a controller", () => {
  it("sets the number, also to none, and is another generation", () => {
    controllers
      .given([created(3)])
      .when(scale(0))
      .then([scaled(0)]);
    controllers.given([created(3), scaled(0)]).thenState({ status: "live", object: controller(0, 2) });
  });

  it("counts a controller that says nothing as one pod", () => {
    controllers.given([created()]).when(scale(1)).thenNothingHappened();
  });

  it("refuses when the number is not the one that was expected, unless it is already as wished", () => {
    controllers
      .given([created(3)])
      .when(scale(5, 2))
      .thenRefused("FailedPrecondition", "found 3");
    controllers
      .given([created(3)])
      .when(scale(3, 2))
      .thenNothingHappened();
  });

  it.each([-1, 1.5, Number.NaN])("refuses %d", (replicas) => {
    controllers
      .given([created(3)])
      .when(scale(replicas))
      .thenRefused("Invalid", "spec.replicas");
  });

  it("refuses a controller that is not there, or is another one by now", () => {
    controllers.when(scale(1)).thenRefused("NotFound");
    controllers
      .given([created(3)])
      .when({ ...scale(1), uid: "u0" })
      .thenRefused("FailedPrecondition");
  });
});

describe("applying a controller", () => {
  it("keeps the number of whoever scaled last when the manifest is silent", () => {
    controllers
      .given([created(3), scaled(5)])
      .when({ type: "ApplyReplicationController", object: controller(undefined) })
      .thenNothingHappened();
  });

  it("sets the number that the manifest names", () => {
    controllers
      .given([created(3), scaled(5)])
      .when({ type: "ApplyReplicationController", object: controller(3) })
      .then([{ type: "ReplicationControllerChanged", data: { replicationController: controller(3, 3) } }]);
  });
});

describe("replicationControllerView", () => {
  it("adds the numbers of its pods and the generation that they answer to", () => {
    const counts = { replicas: 1, fullyLabeledReplicas: 1, readyReplicas: 1, availableReplicas: 0 };
    const view = replicationControllerView({ status: "live", object: controller(undefined, 4) }, counts);
    expect(view.spec?.replicas).toBe(1);
    expect(view.status).toEqual({ ...counts, observedGeneration: 4 });
  });
});
