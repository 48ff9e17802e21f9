/** A reader who takes nothing for this long (milliseconds) gets no more, so that what its body holds goes back to those who wait. */
const PATIENCE = 60_000;

/**
 * A body from text as it is made: the next piece is asked for when the last was taken. When making fails, or the client stops reading, the body
 * breaks off, so that nobody takes it for complete; when the client goes, `onEnd` runs, then `pieces` is ended. `onEnd` runs once, whichever way
 * it ends.
 */
export function textStream(
  pieces: AsyncGenerator<string>,
  onEnd: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let ended = false;
  let patience: ReturnType<typeof setTimeout> | undefined;
  const end = (error: unknown): void => {
    clearTimeout(patience);
    if (ended) return;
    ended = true;
    onEnd(error);
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(patience);
        try {
          const { done, value } = await pieces.next();
          if (ended) return;
          if (done) {
            controller.close();
            end(null);
            return;
          }
          controller.enqueue(encoder.encode(value));
          patience = setTimeout(() => {
            const error = new Error(`The reader took nothing for ${PATIENCE / 1000} s.`);
            controller.error(error);
            end(error);
            void pieces.return(undefined);
          }, PATIENCE);
        } catch (error) {
          if (!ended) controller.error(error);
          end(error);
        }
      },
      async cancel() {
        // First, since `pieces` can only end when what it waits for has: the owner ends that.
        end(null);
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}
