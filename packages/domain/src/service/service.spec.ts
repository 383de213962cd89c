import type { ServiceJson } from "@slipway/proto";
import { DeciderSpecification } from "@slipway/testkit";
import { serviceDecider } from "./decider.ts";
import type { ServiceEvent } from "./events.ts";

const services = DeciderSpecification.for(serviceDecider);
const AT = "2026-01-01T10:00:00.000Z";

const service = (clusterIP: string | undefined, change: Partial<ServiceJson> = {}): ServiceJson => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "demo", uid: "u1", creationTimestamp: AT, generation: 1 },
  spec: { ports: [{ port: 80 }], ...(clusterIP === undefined ? {} : { clusterIP }) },
  ...change,
});
const created: ServiceEvent = { type: "ServiceCreated", data: { service: service("10.0.0.1") } };

describe("an object that users declare", () => {
  it("is created once", () => {
    services.when({ type: "CreateService", object: service("10.0.0.1") }).then([created]);
    services
      .given([created])
      .when({ type: "CreateService", object: service("10.0.0.1") })
      .thenNothingHappened();
    const other = service("10.0.0.2", { metadata: { name: "web", uid: "u2" } });
    services
      .given([created])
      .when({ type: "CreateService", object: other })
      .thenRefused("AlreadyExists", 'Service "web"');
  });

  it("is created by the first apply and left alone by the same one again", () => {
    services.when({ type: "ApplyService", object: service("10.0.0.1") }).then([created]);
    services
      .given([created])
      .when({ type: "ApplyService", object: service("10.0.0.1") })
      .thenNothingHappened();
  });

  it("keeps what the server owns and raises its generation when its spec changes", () => {
    const wished = service("10.0.0.1", {
      metadata: {
        name: "web",
        namespace: "demo",
        uid: "fresh",
        creationTimestamp: "2026-02-02T00:00:00Z",
        resourceVersion: "9",
      },
      spec: { clusterIP: "10.0.0.1", ports: [{ port: 81 }] },
    });
    const changed = service("10.0.0.1", {
      metadata: { ...service("").metadata, generation: 2 },
      spec: { clusterIP: "10.0.0.1", ports: [{ port: 81 }] },
    });
    services
      .given([created])
      .when({ type: "ApplyService", object: wished })
      .then([{ type: "ServiceChanged", data: { service: changed } }]);
  });

  it("keeps its generation when only its labels change", () => {
    const wished = service("10.0.0.1", { metadata: { ...service("").metadata, labels: { a: "b" } } });
    services
      .given([created])
      .when({ type: "ApplyService", object: wished })
      .then([{ type: "ServiceChanged", data: { service: wished } }]);
  });

  it("loses the labels that a manifest no longer names", () => {
    const labelled = service("10.0.0.1", { metadata: { ...service("").metadata, labels: { a: "b" } } });
    services
      .given([{ type: "ServiceCreated", data: { service: labelled } }])
      .when({ type: "ApplyService", object: service("10.0.0.1") })
      .then([{ type: "ServiceChanged", data: { service: service("10.0.0.1") } }]);
  });

  it("is removed once, and only when it is the one that is meant", () => {
    const removed: ServiceEvent = { type: "ServiceDeleted", data: { uid: "u1" } };
    services.given([created]).when({ type: "DeleteService" }).then([removed]);
    services.given([created]).when({ type: "DeleteService", uid: "u0" }).thenRefused("FailedPrecondition");
    services.given([created, removed]).when({ type: "DeleteService", uid: "u1" }).thenNothingHappened();
  });

  it("does not go when an event means an earlier one of its name", () => {
    const events: ServiceEvent[] = [created, { type: "ServiceDeleted", data: { uid: "u0" } }];
    services.given(events).thenState({ status: "live", object: service("10.0.0.1") });
  });
});

describe("a service's address", () => {
  it("stays when a manifest names none", () => {
    services
      .given([created])
      .when({ type: "ApplyService", object: service(undefined) })
      .thenNothingHappened();
    services
      .given([created])
      .when({ type: "ApplyService", object: service("") })
      .thenNothingHappened();
  });

  it("is fixed once it is chosen", () => {
    services
      .given([created])
      .when({ type: "ApplyService", object: service("10.0.0.2") })
      .thenRefused("Immutable", 'spec.clusterIP: Invalid value: "10.0.0.2": field is immutable');
  });
});
