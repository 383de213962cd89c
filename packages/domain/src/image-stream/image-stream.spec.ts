import type { ImageStreamJson } from "@slipway/proto";
import { DeciderSpecification } from "@slipway/testkit";
import { imageStreamDecider } from "./decider.ts";
import type { ImageStreamEvent } from "./events.ts";
import type { ImageStreamLive } from "./state.ts";
import { imageStreamView } from "./view.ts";

const AT = "2026-01-01T10:00:00.000Z";
const streams = DeciderSpecification.for(imageStreamDecider);
const object: ImageStreamJson = {
  kind: "ImageStream",
  metadata: { name: "web", namespace: "demo", uid: "u1", generation: 1 },
  spec: {},
};
const created: ImageStreamEvent = { type: "ImageStreamCreated", data: { imageStream: object } };
const image = (digest: string) => ({
  tag: "latest",
  dockerImageReference: `r/demo/web@${digest}`,
  image: digest,
  cause: "build demo/web-1",
  at: AT,
});
const tagged = (digest: string): ImageStreamEvent => ({ type: "ImageTagged", data: image(digest) });

describe("tagging an image", () => {
  it("is done once for an image, and again when the tag has moved on since", () => {
    streams
      .given([created])
      .when({ type: "TagImage", ...image("sha256:1") })
      .then([tagged("sha256:1")]);
    streams
      .given([created, tagged("sha256:1")])
      .when({ type: "TagImage", ...image("sha256:1") })
      .thenNothingHappened();
    streams
      .given([created, tagged("sha256:1"), tagged("sha256:2")])
      .when({ type: "TagImage", ...image("sha256:1") })
      .then([tagged("sha256:1")]);
  });

  it("needs a stream", () => {
    streams.when({ type: "TagImage", ...image("sha256:1") }).thenRefused("NotFound");
  });

  it("survives a change of the stream's spec", () => {
    const changed = { ...object, spec: { lookupPolicy: { local: true } } };
    const state = [
      created,
      tagged("sha256:1"),
      { type: "ImageStreamChanged", data: { imageStream: changed } } as const,
    ].reduce(imageStreamDecider.evolve, imageStreamDecider.initial);
    expect(state).toMatchObject({ object: changed, tags: { latest: [{ image: "sha256:1" }] } });
  });
});

describe("imageStreamView", () => {
  it("shows each tag's history, newest first, and where the images live", () => {
    const state = [created, tagged("sha256:1"), tagged("sha256:2")].reduce(
      imageStreamDecider.evolve,
      imageStreamDecider.initial,
    ) as ImageStreamLive;
    const item = (digest: string, generation: number) => ({
      created: AT,
      dockerImageReference: `r/demo/web@${digest}`,
      image: digest,
      generation,
    });
    expect(imageStreamView(state, "127.0.0.1:5000").status).toEqual({
      dockerImageRepository: "127.0.0.1:5000/demo/web",
      tags: [{ tag: "latest", items: [item("sha256:2", 2), item("sha256:1", 1)] }],
    });
  });
});
