import { KINDS, matchesSelector, type PodLive } from "@slipway/domain";
import type { StoredEvent } from "@slipway/kernel";
import type { PodJson } from "@slipway/proto";
import { garbageEvent, historyOf, steps } from "@slipway/testkit";
import fc from "fast-check";
import { ClusterState } from "./cluster-state.ts";
import type { Entry } from "./entry.ts";
import { fingerprint } from "./fingerprint.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";
import { listView } from "./view.ts";

const fold = (events: readonly StoredEvent[], from = new ClusterState()): ClusterState => {
  for (const event of events) from.apply(event);
  return from;
};

const SELECTORS: readonly Readonly<Record<string, string>>[] = [
  {},
  { app: "a" },
  { app: "a", tier: "b" },
  { tier: "zz" },
];

const history = steps(200).map(historyOf);

const names = (entries: Iterable<Entry<unknown>>): string[] => [...entries].map(({ stream }) => stream).sort();

const podsWhere = (state: ClusterState, holds: (entry: Entry<PodLive>) => boolean): string[] =>
  names([...state.pods.list()].filter(holds));

const uidOf = ({ state }: Entry<PodLive>): string => state.pod.metadata?.uid ?? "";

/** How many pods' streams ever spoke of a pod with this uid. */
const streamsWith = (events: readonly StoredEvent[], uid: string): number =>
  new Set(
    events
      .filter(({ type, data }) => type === "PodCreated" && (data as { pod: PodJson }).pod.metadata?.uid === uid)
      .map(({ stream }) => stream),
  ).size;

const controllerOf = ({ state }: Entry<PodLive>): string | undefined =>
  state.pod.metadata?.ownerReferences?.find(({ controller }) => controller === true)?.uid;

describe("the indexes of the read model", () => {
  it("answer what a scan would, after every event", () => {
    fc.assert(
      fc.property(history, (events) => {
        const state = new ClusterState();
        for (const event of events) {
          state.apply(event);
          for (const node of ["n1", "n2"]) {
            expect(names(state.podsOnNode(node))).toEqual(podsWhere(state, (pod) => pod.state.node === node));
          }
          for (const uid of ["r1", "r2"]) {
            expect(names(state.podsOwnedBy(uid))).toEqual(podsWhere(state, (pod) => controllerOf(pod) === uid));
          }
          expect(names(state.orphanPods("p"))).toEqual(
            podsWhere(state, (pod) => pod.project === "p" && controllerOf(pod) === undefined),
          );
          expect(names(state.unscheduledPods())).toEqual(podsWhere(state, (pod) => pod.state.phase === "unscheduled"));
          expect(names(state.terminatingPods())).toEqual(podsWhere(state, (pod) => pod.state.phase === "terminating"));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("select by labels, by uid, by service and by host as a scan would", () => {
    fc.assert(
      fc.property(history, (events) => {
        const state = fold(events);
        for (const selector of SELECTORS) {
          const chosen = (project?: string) =>
            podsWhere(
              state,
              (pod) =>
                (project ?? pod.project) === pod.project &&
                matchesSelector(pod.state.pod.metadata?.labels ?? {}, selector),
            );
          expect(names(state.pods.select("p", selector))).toEqual(chosen("p"));
          expect(names(state.pods.select(undefined, selector))).toEqual(chosen());
        }
        for (const pod of state.pods.list()) {
          const selecting = [...state.services.list(pod.project)].filter(({ state: { object } }) => {
            const selector = object.spec?.selector ?? {};
            return Object.keys(selector).length > 0 && matchesSelector(pod.state.pod.metadata?.labels ?? {}, selector);
          });
          expect(names(state.servicesSelecting(pod))).toEqual(names(selecting));
          // Histories are short of uids; where two pods share one, either may be answered.
          if (podsWhere(state, (other) => uidOf(other) === uidOf(pod)).length > 1) continue;
          if (streamsWith(events, uidOf(pod)) === 1) expect(state.pods.byUid(uidOf(pod))).toBe(pod);
        }
        for (const service of ["a", "b"]) {
          const leading = [...state.routes.list("p")].filter(
            ({ state: { object } }) => object.spec?.to?.name === service,
          );
          expect(names(state.routesTo("p", service))).toEqual(names(leading));
        }
        const onHost = [...state.routes.list()].filter(
          ({ state: { object } }) => object.spec?.host === "a.example.com",
        );
        expect(names(state.routesOnHost("a.example.com"))).toEqual(names(onHost));
        expect(state.pods.count()).toBe([...state.pods.list()].length);
        expect(state.objectsIn("p").filter(({ kind }) => kind === "pod")).toHaveLength(state.pods.count("p"));
      }),
      { numRuns: 100 },
    );
  });

  it("hold what is observed of the pods that are there, and of no others", () => {
    fc.assert(
      fc.property(history, (events) => {
        const state = fold(events);
        for (const { project, name, state: status } of state.podStatuses.list()) {
          expect(state.pods.get(project, name)?.state.pod.metadata?.uid).toBe(status.uid);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("know the version of every stream that ever had an event", () => {
    fc.assert(
      fc.property(history, (events) => {
        const state = fold(events);
        const versions = new Map(events.map(({ stream, version }) => [stream, version]));
        for (const [stream, version] of versions) expect(state.streamVersion(stream)).toBe(version);
        expect(state.streamVersion("pod/p/never")).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

describe("the fold", () => {
  it("is the same from the beginning, from any snapshot, and when events come twice", async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.double({ min: 0, max: 1, noNaN: true }), async (events, share) => {
        const cut = Math.floor(events.length * share);
        const whole = fingerprint(fold(events));
        const half = fold(events.slice(0, cut));
        const restored = decodeSnapshot(await encodeSnapshot(half));
        expect(fingerprint(restored)).toBe(fingerprint(half));
        expect(fingerprint(fold(events.slice(cut), restored))).toBe(whole);
        expect(fingerprint(fold([...events.slice(0, cut), ...events]))).toBe(whole);
      }),
      { numRuns: 60 },
    );
  });

  it("has another fingerprint after every event", () => {
    fc.assert(
      fc.property(history, (events) => {
        const state = new ClusterState();
        const seen = new Set([fingerprint(state)]);
        for (const event of events) {
          state.apply(event);
          seen.add(fingerprint(state));
        }
        expect(seen.size).toBe(events.length + 1);
      }),
      { numRuns: 20 },
    );
  });

  it("takes any event in any stream, and every view of the result can be shown", () => {
    const stream = fc
      .constantFrom(
        "pod",
        "pod-status",
        "service",
        "route",
        "build",
        "node",
        "project",
        "imagestream",
        "replicationcontroller",
        "nothing",
      )
      .map((kind) => `${kind}/p/a`);
    fc.assert(
      fc.property(history, fc.array(fc.tuple(stream, garbageEvent), { maxLength: 20 }), (events, garbage) => {
        const state = fold(events);
        for (const [of, event] of garbage) {
          const position = state.position + 1;
          const version = state.streamVersion(of) + 1;
          state.apply({
            ...event,
            id: String(position),
            position,
            version,
            stream: of,
            meta: { actor: "x" },
            recordedAt: "",
          });
        }
        for (const { kind } of KINDS) listView(state, kind, undefined, { registryHost: "r:5000", now: 0 });
      }),
      { numRuns: 150 },
    );
  });
});
