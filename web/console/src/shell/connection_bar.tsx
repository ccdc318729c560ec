import { Icon } from "../parts/icon.tsx";
import { connection } from "./connection.ts";

/** Says in words that what is on the page may be old. */
export function ConnectionBar() {
  return (
    <div role="status">
      {connection.value === "lost" && (
        <p class="connection-bar">
          <Icon name="warning" />
          No connection to the server. What you see may be old; what you write is kept. Trying again…
        </p>
      )}
    </div>
  );
}
