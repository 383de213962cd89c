import { parseStream, streamName } from "./stream-name.ts";

describe("stream names", () => {
  it("are taken apart as they were put together", () => {
    expect(parseStream(streamName("pod", "demo", "web-1"))).toEqual({ kind: "pod", project: "demo", name: "web-1" });
    expect(parseStream(streamName("node", undefined, "n1"))).toEqual({ kind: "node", project: "", name: "n1" });
  });

  it("are not read from text of another form", () => {
    for (const text of ["", "pod", "pod/demo", "/demo/x", "pod/demo/"]) expect(parseStream(text)).toBeUndefined();
  });
});
