// What make serve tells: requests and news, kept here for every view.

const KEPT = 300;
const listeners = new Set();
let run = null;
export const events = [];

export function listen(listener) {
  listeners.add(listener);
}

function tell(event) {
  for (const listener of listeners) listener(event);
}

export function begin(connection) {
  const source = new EventSource("/api/events");
  const take = (kind) => (message) => {
    const [from] = message.lastEventId.split("-");
    if (from !== run) {
      // Another make serve: what the one before told is no more.
      run = from;
      events.length = 0;
    }
    const event = { kind, ...JSON.parse(message.data) };
    events.push(event);
    if (events.length > KEPT) events.shift();
    tell(event);
  };
  source.addEventListener("request", take("request"));
  source.addEventListener("news", take("news"));
  source.addEventListener("open", () => connection("open"));
  source.addEventListener("error", () => connection("lost"));
}

export function last() {
  return events.at(-1)?.number ?? 0;
}

// The requests after a number that fit, waiting a little until the last of them, which `until` knows, is there.
export function arrived(after, fits, until, patience = 2000) {
  const found = () => events.filter((event) => event.kind === "request" && event.number > after && fits(event));
  return new Promise((resolve) => {
    const done = () => {
      listeners.delete(look);
      clearTimeout(timer);
      resolve(found());
    };
    const look = () => found().some(until) && done();
    const timer = setTimeout(done, patience);
    listeners.add(look);
    look();
  });
}
