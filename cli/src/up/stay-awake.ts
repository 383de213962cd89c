/** Keeps the process alive while `work` waits: the kernel's timers do not do that by themselves. */
export const stayAwake = async <T>(work: () => Promise<T>): Promise<T> => {
  const timer = setInterval(() => {}, 60_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
};
