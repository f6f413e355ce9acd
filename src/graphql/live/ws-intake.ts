import type { WebSocket } from 'ws';
import { Intake } from '../guard/intake.js';
import { guardRefusals } from '../guard/refusals.js';
import type { Line } from './line.js';
import { tryLater } from './ws-client.js';

/**
 * What one client may send in, and how fast: its messages and pings are counted, and nothing is read from it while it
 * does not read what it was sent. So a client costs no more than one buffer, whatever it asks and however slowly it takes
 * the answers. `false`: this message is not to be looked at.
 */
export function intakeOf(socket: WebSocket, line: Line, perSecond: number): () => boolean {
  const intake = new Intake(perSecond, () => performance.now());
  const admits = (): boolean => {
    if (socket.readyState !== socket.OPEN) return false; // it has been sent away, and talks on
    if (!intake.admits()) {
      line.close(tryLater, guardRefusals.TOO_MANY_MESSAGES({ most: perSecond }).refused);
      return false;
    }
    if (line.isFull && !socket.isPaused) {
      socket.pause();
      void line.drained().then(() => socket.resume());
    }
    return true;
  };
  socket.on('ping', admits);
  socket.on('pong', admits);
  return admits;
}
