/* When the server lets the page's connection go: asks whether somebody is still signed in, and if not, leads to the
   sign-in page and back here afterwards. A server that is down is asked again until it is back. */

(() => {
  "use strict";
  const EVERY_MS = 2000;
  let isAsking = false;

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    for (;;) {
      try {
        const answer = await fetch("/_stcore/health", { cache: "no-store" });
        if (answer.status === 401 || answer.status === 403) {
          const here = location.pathname + location.search;
          location.replace(`/login?why=over&next=${encodeURIComponent(here)}`);
          return;
        }
        if (answer.ok) break;
      } catch {
        // not reachable yet
      }
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
    isAsking = false;
  }

  window.WebSocket = class extends window.WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", ask);
    }
  };
})();
