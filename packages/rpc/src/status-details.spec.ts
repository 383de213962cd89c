import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { SlipwayError } from "@slipway/kernel";
import { BadRequestSchema, ErrorInfoSchema } from "../gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../gen/google/rpc/status_pb.js";
import { cut, decodeDetails, encodeDetails, MOST_MESSAGE_BYTES } from "./status-details.ts";

const infoBytes = (reason: string, domain: string): Uint8Array => {
  const info = anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason, domain, metadata: { a: "b" } }));
  return toBinary(StatusSchema, create(StatusSchema, { code: 3, details: [info] }));
};

describe("the details of a status", () => {
  it("have Google's types under the names that other clients look for", () => {
    const error = new SlipwayError("Invalid", "No.", { problems: [{ path: "spec", message: "Required value" }] });
    const read = fromBinary(StatusSchema, encodeDetails(error, 3, "No.", "r1"));
    expect(read).toMatchObject({ code: 3, message: "No." });
    expect(read.details.map(({ typeUrl }) => typeUrl)).toEqual([
      "type.googleapis.com/google.rpc.ErrorInfo",
      "type.googleapis.com/google.rpc.RequestInfo",
      "type.googleapis.com/google.rpc.BadRequest",
    ]);
    expect(fromBinary(BadRequestSchema, read.details[2]?.value ?? new Uint8Array()).fieldViolations).toMatchObject([
      { field: "spec", description: "Required value" },
    ]);
  });

  it("fit with their message into headers of 8 KiB as they are encoded, whatever the error holds", () => {
    const long = "€".repeat(10_000);
    const error = new SlipwayError("Invalid", long, {
      fields: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field-${i}`, long])),
      problems: Array.from({ length: 100 }, () => ({ path: long, message: long })),
    });
    const message = cut(error.message, MOST_MESSAGE_BYTES);
    const details = encodeDetails(error, 3, message, "0190f0a0-0000-7000-8000-000000000000");
    expect(Buffer.from(details).toString("base64").length + encodeURI(message).length).toBeLessThan(8_192);
  });

  it("say nothing of a code that this version does not know, or that is not ours", () => {
    expect(decodeDetails(infoBytes("CodeOfTheFuture", "slipway"))).toMatchObject({ fields: { a: "b" } });
    expect(decodeDetails(infoBytes("CodeOfTheFuture", "slipway")).code).toBeUndefined();
    expect(decodeDetails(infoBytes("toString", "slipway")).code).toBeUndefined();
    expect(decodeDetails(infoBytes("Invalid", "example.com"))).toEqual({ fields: {}, problems: [] });
  });

  it("say nothing when they are no details", () => {
    expect(decodeDetails(new Uint8Array([0xff, 0xff, 1]))).toEqual({ fields: {}, problems: [] });
    expect(decodeDetails(new Uint8Array())).toEqual({ fields: {}, problems: [] });
  });
});

describe("cut", () => {
  it("leaves short text alone and never halves a character", () => {
    expect(cut("Pod", 3)).toBe("Pod");
    expect(cut("abcdefgh", 6)).toBe("abc…");
    expect(cut("€€€€", 10)).toBe("€€…");
    expect(cut("😀😀", 7)).toBe("😀…");
    expect(cut("a\ud800", 10)).toBe("a\ufffd");
  });
});
