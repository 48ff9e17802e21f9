/**
 * A body from text as it is made: the next piece is asked for when the last was taken. When making fails the body breaks off, so that no client
 * takes it for complete; when the client goes, `onEnd` runs, then `pieces` is ended. `onEnd` runs once, whichever way it ends.
 */
export function textStream(
  pieces: AsyncGenerator<string>,
  onEnd: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let ended = false;
  const end = (error: unknown): void => {
    if (ended) return;
    ended = true;
    onEnd(error);
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) {
            controller.close();
            end(null);
          } else controller.enqueue(encoder.encode(value));
        } catch (error) {
          controller.error(error);
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
