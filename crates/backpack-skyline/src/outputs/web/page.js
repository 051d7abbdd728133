"use strict";

// Browsers open six connections to one server; two are left for the page itself.
const MOST = 4;

// Safari on phones has its own kind.
const Source = window.ManagedMediaSource ?? window.MediaSource;
const parameters = new URLSearchParams(location.search);
const sleep = ms => new Promise(done => setTimeout(done, ms));

// The cookie holds the token now; it should not stay in the address and in the history.
if (parameters.has("token")) {
  parameters.delete("token");
  history.replaceState(null, "", location.pathname + (parameters.size ? `?${parameters}` : "") + location.hash);
}

class Tile {
  constructor(name) {
    this.name = name;
    this.root = document.getElementById("tile").content.firstElementChild.cloneNode(true);
    this.video = this.part("video");
    this.image = this.part("img");
    this.part(".name").textContent = name;
    this.image.alt = name;
    this.part(".full").addEventListener("click", () => this.part(".screen").requestFullscreen?.());
    this.visible = false;
    this.wanted = false;
    this.running = false;
    this.current = new AbortController();
    this.frameSeconds = 0.1;
    this.newest = 0;
    this.behind = 0;
    this.pictures = parameters.has("mjpeg");
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  show(live, notice) {
    this.root.classList.toggle("live", live);
    this.part(".state").textContent = live ? "live" : "waiting";
    if (notice) this.part(".notice").textContent = notice;
  }

  // For how many milliseconds nothing has come.
  get silent() {
    return performance.now() - this.newest;
  }

  want(wanted) {
    this.wanted = wanted;
    if (wanted) this.run();
    else if (this.running) this.current.abort();
    else this.show(false, "Tap to watch");
  }

  async run() {
    if (this.running) return;
    this.running = true;
    while (this.wanted) {
      this.current = new AbortController();
      try {
        await (this.pictures ? this.playPictures() : this.playVideo());
      } catch (error) {
        if (this.wanted) {
          console.warn(this.name, error);
          this.show(false, "The stream was interrupted. Trying again …");
        }
      } finally {
        this.current.abort();
      }
      if (this.wanted) await sleep(700);
    }
    this.running = false;
    this.show(false, "Tap to watch");
  }

  // Whether a response can be shown; says why if not.
  accept(response) {
    if (response.status === 401) this.show(false, "Access denied: load the page again.");
    else if (response.status === 404) this.show(false, "This stream is no longer on the page.");
    else if (!response.ok) this.show(false, "Waiting for the stream …");
    return response.ok;
  }

  // Resolves when the stream ends; the caller asks again.
  async playVideo() {
    const { signal } = this.current;
    const response = await fetch(`${this.name}.mp4`, { signal, cache: "no-store" });
    if (!this.accept(response)) return;
    const type = response.headers.get("content-type");
    if (!Source?.isTypeSupported(type)) {
      // Decoded by the server, if it can.
      this.unplayable = type;
      this.pictures = true;
      return;
    }
    const { video } = this;
    const media = new Source();
    video.disableRemotePlayback = true;
    video.src = URL.createObjectURL(media);
    await new Promise(done => media.addEventListener("sourceopen", done, { once: true }));
    URL.revokeObjectURL(video.src);
    const buffer = media.addSourceBuffer(type);
    const settled = () => new Promise((done, failed) => {
      buffer.onupdateend = done;
      buffer.onerror = () => failed(new Error("the video cannot be decoded"));
    });
    const reader = response.body.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return this.show(false, "The stream has ended. Waiting for the next one …");
      this.newest = performance.now();
      buffer.appendBuffer(value);
      await settled();
      this.chase();
      const old = video.currentTime - 30;
      if (buffer.buffered.length && buffer.buffered.start(0) < old) {
        buffer.remove(0, old + 20);
        await settled();
      }
    }
  }

  // Keeps the picture close to the newest one: a little faster when slightly behind, a jump when far behind or in a gap.
  chase() {
    const { video } = this;
    const ranges = video.buffered;
    if (!ranges.length) return;
    const start = ranges.start(ranges.length - 1), end = ranges.end(ranges.length - 1);
    const behind = end - video.currentTime;
    const target = Math.max(0.15, 2 * this.frameSeconds);
    if (video.currentTime < start || behind < 0 || behind > target + 1) video.currentTime = Math.max(start, end - this.frameSeconds);
    else video.playbackRate = behind > target ? 1.1 : 1;
    if (video.paused && !document.hidden) video.play().catch(() => {});
    this.behind = Math.max(0, behind);
    this.show(true);
  }

  // For browsers that cannot play the video: pictures in an <img>.
  async playPictures() {
    const { signal } = this.current;
    const { image, video } = this;
    const still = await fetch(`${this.name}.jpg`, { signal, cache: "no-store" });
    if (still.status === 501) {
      const codec = this.health?.codec ?? "this video";
      this.show(false, this.unplayable
        ? `This browser cannot play ${codec} (${this.unplayable}), and the server cannot decode it.`
        : await still.text());
      return sleep(5000);
    }
    if (!this.accept(still)) return;
    await still.arrayBuffer();
    try {
      video.hidden = true;
      image.hidden = false;
      this.behind = 0;
      await new Promise((done, failed) => {
        image.onload = () => {
          this.newest = performance.now();
          this.ended = done;
          this.show(true);
        };
        image.onerror = () => failed(new Error("the pictures ended"));
        signal.addEventListener("abort", done);
        image.src = `${this.name}.mjpeg?${Date.now()}`;
      });
      if (this.wanted) this.show(false, "The stream has ended. Waiting for the next one …");
    } finally {
      image.onload = image.onerror = this.ended = null;
      // This ends the connection.
      image.src = "data:,";
      image.hidden = true;
      video.hidden = false;
    }
  }

  report(health) {
    this.health = health;
    if (health.fps > 0) this.frameSeconds = 1 / health.fps;
    const facts = [];
    if (health.streaming) {
      facts.push(`${health.width}×${health.height}`, `${health.fps.toFixed(1)} fps`);
      facts.push(health.kbps < 1000 ? `${health.kbps} kb/s` : `${(health.kbps / 1000).toFixed(1)} Mb/s`);
      if (health.delay_ms !== null && this.root.classList.contains("live"))
        facts.push(`${(health.delay_ms / 1000 + this.behind).toFixed(1)} s delay`);
    }
    facts.push(`${health.viewers} ${health.viewers === 1 ? "viewer" : "viewers"}`);
    if (health.missed) facts.push(`${health.missed} missed`);
    this.part(".facts").replaceChildren(...facts.map(fact => Object.assign(document.createElement("span"), { textContent: fact })));
    const limit = Math.max(3000, 5000 * this.frameSeconds);
    const late = health.silent_ms !== null && health.silent_ms > limit;
    const since = new Date(Date.now() - health.silent_ms).toLocaleTimeString();
    const pictures = this.unplayable && this.ended && `This browser cannot play ${health.codec}: the server makes pictures of it`;
    const trouble = [health.error, pictures, late && `No picture since ${since}`].filter(Boolean).join(" – ");
    this.part(".trouble").textContent = trouble;
    if (late) this.show(false, "No new picture is coming.");
    else if (this.ended) this.show(true);
    // An <img> does not tell when its stream ends.
    if (!health.streaming) this.ended?.();
  }

  // A connection that is dead, but not closed, would be waited for without end.
  unreachable() {
    if (this.silent > 10000) this.current.abort();
    if (this.silent > 3000) this.show(false, "The server does not answer. Trying again …");
  }
}

const main = document.getElementById("streams");
const tiles = new Map();
const observer = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    for (const tile of tiles.values()) if (tile.root === target) tile.visible = isIntersecting;
  }
  plan();
});

function update(names) {
  for (const name of names) {
    if (tiles.has(name)) continue;
    const tile = new Tile(name);
    tiles.set(name, tile);
    main.append(tile.root);
    observer.observe(tile.root);
  }
  for (const [name, tile] of tiles) {
    if (names.includes(name)) continue;
    tile.want(false);
    observer.unobserve(tile.root);
    tile.root.remove();
    tiles.delete(name);
  }
  plan();
}

// Decides who plays: the enlarged one alone, or those that can be seen.
function plan() {
  const all = [...tiles.values()];
  const chosen = tiles.get(location.hash.slice(1)) ?? (all.length === 1 ? all[0] : undefined);
  document.body.classList.toggle("one", Boolean(chosen));
  document.body.classList.toggle("several", all.length > 1);
  let left = MOST;
  for (const tile of all) {
    const large = tile === chosen;
    tile.root.classList.toggle("large", large);
    tile.part(".screen").href = large ? "#" : `#${tile.name}`;
    const wanted = chosen ? large : tile.visible && left > 0;
    if (wanted) left -= 1;
    if (wanted !== tile.wanted) tile.want(wanted);
  }
}

async function report() {
  for (;;) {
    try {
      const response = await fetch("health.json", { signal: AbortSignal.timeout(5000), cache: "no-store" });
      if (response.ok) {
        const { streams } = await response.json();
        update(streams.map(health => health.name));
        for (const health of streams) tiles.get(health.name).report(health);
      }
    } catch (error) {
      console.warn(error);
      for (const tile of tiles.values()) tile.unreachable();
    }
    await sleep(1000);
  }
}

addEventListener("hashchange", plan);
addEventListener("keydown", event => { if (event.key === "Escape" && location.hash) location.hash = ""; });
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const tile of tiles.values()) if (tile.wanted) tile.chase();
});
update(main.dataset.names.split(" ").filter(Boolean));
report();
