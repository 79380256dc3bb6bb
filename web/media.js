/** What one sends: microphone, and camera or screen. A device that isn't there is stood in for, so that it can come later. */
export class Media {
  #camera; // a track
  #microphone;
  #screen;
  #connection;
  onscreen = () => {};

  /** Returns what is missing, in words, or nothing. */
  async open() {
    const devices = navigator.mediaDevices;
    const ask = (what) => devices?.getUserMedia(what).catch(() => undefined);
    const video = { width: { ideal: 1280 }, height: { ideal: 720 } };
    const stream = await ask({ audio: true, video }) ?? await ask({ audio: true }) ?? await ask({ video });
    this.#microphone = stream?.getAudioTracks()[0] ?? silence();
    this.#camera = stream?.getVideoTracks()[0] ?? darkness();
    this.stream = new MediaStream([this.#microphone, this.#camera]);
    if (!devices) return 'Browsers give camera and microphone to pages of https and of localhost alone.';
    if (!stream) return 'There is no camera and no microphone, or the page may not use them.';
    if (stream.getTracks().length < 2) return stream.getVideoTracks().length ? 'There is no microphone.' : 'There is no camera.';
    return '';
  }

  /** What the other one sees now. */
  get shown() { return this.#screen ? new MediaStream([this.#screen]) : this.stream; }

  toggleMicrophone() {
    this.#microphone.enabled = !this.#microphone.enabled;
    return !this.#microphone.enabled;
  }

  toggleCamera() {
    this.#camera.enabled = !this.#camera.enabled;
    return !this.#camera.enabled;
  }

  /** The connection that all of it goes into from now on. */
  into(connection) {
    this.#connection = connection;
    return this.#replace();
  }

  #replace() {
    const sender = this.#connection?.getSenders().find(({ track }) => track?.kind === 'video');
    return sender?.replaceTrack(this.#screen ?? this.#camera);
  }

  async toggleScreen() {
    if (this.#screen) return this.#endScreen();
    const [track] = (await navigator.mediaDevices.getDisplayMedia({ video: true })).getVideoTracks();
    track.contentHint = 'detail';
    track.addEventListener('ended', () => this.#endScreen());
    this.#screen = track;
    await this.#replace();
    this.onscreen(true);
  }

  async #endScreen() {
    this.#screen?.stop();
    this.#screen = undefined;
    await this.#replace();
    this.onscreen(false);
  }

  close() {
    this.#screen?.stop();
    this.#screen = undefined;
    this.#connection = undefined;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.onscreen(false);
  }
}

function silence() {
  const context = new AudioContext();
  return context.createMediaStreamDestination().stream.getAudioTracks()[0];
}

function darkness() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const context = canvas.getContext('2d');
  const draw = () => {
    context.fillStyle = '#17211e';
    context.fillRect(0, 0, 320, 240);
    context.fillStyle = '#d09a3e';
    context.font = '600 20px Georgia, serif';
    context.textAlign = 'center';
    context.fillText('No camera', 160, 126);
  };
  draw();
  const [track] = canvas.captureStream(1).getVideoTracks();
  const timer = setInterval(() => (track.readyState === 'ended' ? clearInterval(timer) : draw()), 1000);
  return track;
}
