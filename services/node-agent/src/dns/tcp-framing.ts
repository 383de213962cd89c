/** Over TCP a message comes after its length in two bytes. */
export const frame = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
};

/** Takes pieces of a stream and calls `onMessage` for each whole message in it. */
export const unframer = (onMessage: (message: Buffer) => void): ((piece: Buffer) => void) => {
  let buffered = Buffer.alloc(0);
  return (piece) => {
    buffered = Buffer.concat([buffered, piece]);
    while (buffered.length >= 2) {
      const end = 2 + buffered.readUInt16BE(0);
      if (buffered.length < end) return;
      onMessage(buffered.subarray(2, end));
      buffered = buffered.subarray(end);
    }
  };
};
