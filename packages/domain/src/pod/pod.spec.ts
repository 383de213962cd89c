import type { OwnerReferenceJson, PodJson } from "@slipway/proto";
import { DeciderSpecification } from "@slipway/testkit";
import { podDecider } from "./decider.ts";
import type { PodEvent } from "./events.ts";

const AT = "2026-01-01T10:00:00.000Z";
const pods = DeciderSpecification.for(podDecider);

const pod = (change: Partial<PodJson> = {}, uid = "u1"): PodJson => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "demo", uid, generation: 1, labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "web:1" }] },
  ...change,
});
const created: PodEvent = { type: "PodCreated", data: { pod: pod() } };
const scheduled: PodEvent = { type: "PodScheduled", data: { uid: "u1", node: "n1", explanation: {} } };
const deletion = (gracePeriodSeconds: number): PodEvent => ({
  type: "PodDeletionRequested",
  data: { uid: "u1", gracePeriodSeconds, at: AT, reason: "Deleted" },
});
const owner = (uid: string): OwnerReferenceJson => ({
  apiVersion: "v1",
  kind: "ReplicationController",
  name: uid,
  uid,
  controller: true,
});

describe("creating and applying a pod", () => {
  it("stores a new pod at its first generation, without what is derived", () => {
    const { generation: _generation, ...metadata } = pod().metadata ?? {};
    const wished = pod({ metadata: { ...metadata, resourceVersion: "7" }, status: { phase: "Running" } });
    pods.when({ type: "CreatePod", pod: wished }).then([created]);
  });

  it("refuses a second pod of the same name, and takes the same pod twice as one wish", () => {
    pods
      .given([created])
      .when({ type: "CreatePod", pod: pod({}, "u2") })
      .thenRefused("AlreadyExists", /"web"/);
    pods.given([created]).when({ type: "CreatePod", pod: pod() }).thenNothingHappened();
  });

  it("lets labels and images change and keeps the pod's identity", () => {
    const spec = { containers: [{ name: "web", image: "web:2" }] };
    const wished = pod({ metadata: { name: "web", namespace: "demo", uid: "other", labels: { app: "new" } }, spec });
    pods
      .given([created])
      .when({ type: "ApplyPod", pod: wished })
      .then([
        {
          type: "PodChanged",
          data: { pod: pod({ metadata: { ...pod().metadata, labels: { app: "new" }, generation: 2 }, spec }) },
        },
      ]);
  });

  it("refuses a change of anything else in the spec, with its path", () => {
    const wished = pod({ spec: { containers: [{ name: "web", image: "web:1", command: ["sh"] }] } });
    pods
      .given([created])
      .when({ type: "ApplyPod", pod: wished })
      .thenRefused(
        "Immutable",
        "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`",
      );
  });

  it("does not take the scheduler's choice in a pod that was read for a wish", () => {
    const wished = pod({ spec: { ...pod().spec, nodeName: "n1" } });
    pods.given([created, scheduled]).when({ type: "ApplyPod", pod: wished }).thenNothingHappened();
  });

  it("keeps the owner that a manifest does not name", () => {
    const wished = pod({ metadata: { ...pod().metadata, labels: { app: "new" } } });
    pods
      .given([created, { type: "PodAdopted", data: { uid: "u1", owner: owner("r1") } }])
      .when({ type: "ApplyPod", pod: wished })
      .then([
        {
          type: "PodChanged",
          data: { pod: pod({ metadata: { ...wished.metadata, ownerReferences: [owner("r1")] } }) },
        },
      ]);
  });
});

describe("placing a pod", () => {
  const schedule = { type: "SchedulePod", uid: "u1", node: "n1", explanation: {} } as const;
  const unschedulable = { type: "MarkPodUnschedulable", uid: "u1", message: "0/1 nodes", explanation: {} } as const;

  it("binds it once", () => {
    pods.given([created]).when(schedule).then([scheduled]);
    pods
      .given([created, scheduled])
      .when({ ...schedule, node: "n2" })
      .thenNothingHappened();
  });

  it("leaves a later pod of the same name alone", () => {
    pods
      .given([created])
      .when({ ...schedule, uid: "u0" })
      .thenNothingHappened();
  });

  it("says again that no node would do only when the reason is another", () => {
    const marked: PodEvent = { type: "PodUnschedulable", data: { uid: "u1", message: "0/1 nodes", explanation: {} } };
    pods.given([created]).when(unschedulable).then([marked]);
    pods.given([created, marked]).when(unschedulable).thenNothingHappened();
    const other = { ...unschedulable, message: "0/2 nodes" };
    pods
      .given([created, marked])
      .when(other)
      .then([{ type: "PodUnschedulable", data: { uid: "u1", message: "0/2 nodes", explanation: {} } }]);
    pods.given([created, scheduled]).when(unschedulable).thenNothingHappened();
  });
});

describe("owning a pod", () => {
  it("adopts one that nobody controls, and refuses one that somebody else does", () => {
    const adopted: PodEvent = { type: "PodAdopted", data: { uid: "u1", owner: owner("r1") } };
    pods
      .given([created])
      .when({ type: "AdoptPod", uid: "u1", owner: owner("r1") })
      .then([adopted]);
    pods
      .given([created, adopted])
      .when({ type: "AdoptPod", uid: "u1", owner: owner("r2") })
      .thenRefused("FailedPrecondition", /r1/);
  });

  it("releases its own pods only", () => {
    const adopted: PodEvent = { type: "PodAdopted", data: { uid: "u1", owner: owner("r1") } };
    const release = { type: "ReleasePod", uid: "u1", ownerUid: "r1", reason: "LabelsChanged" } as const;
    pods
      .given([created, adopted])
      .when(release)
      .then([{ type: "PodReleased", data: { uid: "u1", ownerUid: "r1", reason: "LabelsChanged" } }]);
    pods
      .given([created, adopted])
      .when({ ...release, ownerUid: "r2" })
      .thenNothingHappened();
  });

  it("lets a pod that is going be", () => {
    pods
      .given([created, scheduled, deletion(30)])
      .when({ type: "AdoptPod", uid: "u1", owner: owner("r1") })
      .thenNothingHappened();
  });
});

describe("deleting a pod", () => {
  const request = { type: "RequestPodDeletion", at: AT, reason: "Deleted" } as const;

  it("is done at once while no node knows of it", () => {
    pods
      .given([created])
      .when(request)
      .then([{ type: "PodDeleted", data: { uid: "u1", reason: "Deleted" } }]);
  });

  it("gives a placed pod its grace, 30 seconds unless its spec says otherwise", () => {
    pods
      .given([created, scheduled])
      .when(request)
      .then([deletion(30)]);
    const patient = pod({ spec: { ...pod().spec, terminationGracePeriodSeconds: 90 } });
    pods
      .given([{ type: "PodCreated", data: { pod: patient } }, scheduled])
      .when(request)
      .then([deletion(90)]);
  });

  it("can be made quicker but not slower, counted from the first request", () => {
    const later = { ...request, at: "2026-01-01T10:00:20.000Z", reason: "NodeLost" };
    const going = pods.given([created, scheduled, deletion(30)]);
    going.when({ ...later, gracePeriodSeconds: 5 }).then([deletion(5)]);
    going.when({ ...later, gracePeriodSeconds: 60 }).thenNothingHappened();
    going.when(later).thenNothingHappened();
  });

  it("refuses when another pod has the name by now", () => {
    pods
      .given([created])
      .when({ ...request, uid: "u0" })
      .thenRefused("FailedPrecondition");
  });

  it("ends only what was asked to end", () => {
    const finish = { type: "FinishPodDeletion", uid: "u1", reason: "Deleted" } as const;
    pods.given([created, scheduled]).when(finish).thenRefused("FailedPrecondition");
    pods
      .given([created, scheduled, deletion(30)])
      .when(finish)
      .then([{ type: "PodDeleted", data: { uid: "u1", reason: "Deleted" } }]);
  });

  it("frees the name for a new pod, which events about the old one do not concern", () => {
    const second = pod({}, "u2");
    const events: PodEvent[] = [
      created,
      { type: "PodDeleted", data: { uid: "u1", reason: "Deleted" } },
      { type: "PodCreated", data: { pod: second } },
      scheduled,
      deletion(30),
    ];
    pods.given(events).thenState({ status: "live", pod: second, phase: "unscheduled" });
  });
});
