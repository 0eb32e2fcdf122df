var e=class{constructor(){this.began=-1/0,this.reports=0,this.behind=1/0,this.before=1/0,this.windows=0,this.stumbles=[]}note(e,t){return t-this.began>=1&&this.settle(t),this.reports+=1,this.behind=Math.min(this.behind,t-e),this.stumbles.length>=2}settle(e){if(this.reports>=8){let e=this.behind-this.before;e>.004&&e<.5&&this.stumbles.push(this.windows),this.before=this.behind}this.windows+=1,this.stumbles=this.stumbles.filter(e=>e>this.windows-60),this.began=e,this.reports=0,this.behind=1/0}},t=8192,n=2048,r=-92,i=-22,a=class{static{this.FINE=t}static{this.QUICK=n}constructor(e,a){this.source=a,this.fine=new Uint8Array(t/2),this.quick=new Uint8Array(n/2);let o={smoothingTimeConstant:0,minDecibels:r,maxDecibels:i};this.analysers=[new AnalyserNode(e,{...o,fftSize:t}),new AnalyserNode(e,{...o,fftSize:n})],this.delay=new DelayNode(e,{delayTime:3072/e.sampleRate}),a.connect(this.analysers[0]),a.connect(this.delay).connect(this.analysers[1])}listen(){this.analysers[0].getByteFrequencyData(this.fine),this.analysers[1].getByteFrequencyData(this.quick)}close(){this.source.disconnect(this.analysers[0]),this.source.disconnect(this.delay)}},o=new URL(`worklet.js`,import.meta.url).href,s=48e3,c=`legato.relaxed`,l=500,u=class{constructor(t,n={}){this.events=t,this.buffer=n,this.stats=null,this.roundTrip=null,this.rate=s,this.context=null,this.node=null,this.starting=null,this.waiting=[],this.cardClock=new e,this.handover=!1,this.relaxed=localStorage.getItem(c)===`yes`,this.tellProblem=e=>this.events.problem(e instanceof Error?e.message:String(e)),this.link=new Worker(new URL(new URL(`link.worker.js`,import.meta.url).href,``+import.meta.url),{type:`module`,name:`link`}),this.link.onmessage=e=>this.fromLink(e.data)}tune(e){if(e===this.rate)return;this.rate=e;let t=this.starting!==null;this.context?.close(),this.context=this.node=this.starting=this.stats=null,t&&this.start().catch(this.tellProblem)}async relax(){if(this.relaxed||!this.node)return;this.relaxed=!0,localStorage.setItem(c,`yes`);let{context:e}=this;await this.open(),await this.context?.resume(),setTimeout(()=>void e?.close(),l)}connect(e){this.toLink({kind:`open`,url:e})}send(e){this.toLink({kind:`send`,text:JSON.stringify(e)})}ping(){this.toLink({kind:`ping`})}async start(){this.starting??=this.open().catch(e=>{throw this.starting=null,e}),await this.starting,await this.context?.resume()}stop(){this.handover=!1,this.toWorklet({kind:`stop`})}reset(){this.handover=!1,this.toWorklet({kind:`reset`})}capture(e){return this.toWorklet({kind:`capture`,frames:e}),new Promise(e=>this.waiting.push(e))}tap(){return this.context&&this.node?new a(this.context,this.node):null}hears(e){return e.source===this.node}get outputLatency(){let e=this.context;return e?e.baseLatency+(e.outputLatency||0):0}get heardIndex(){return this.stats?this.putOutIndex-this.outputLatency*this.rate:0}get cardRate(){return this.context?.sampleRate??this.rate}get putOutIndex(){if(!this.stats||!this.context)return 0;let e=this.stats.playing?this.context.currentTime-this.stats.contextTime:0;return this.stats.index+e*this.rate}async open(){if(!window.AudioContext||!window.isSecureContext)throw Error(`This browser gives sound only on a secure page: open it on localhost or over https.`);let t=d(this.rate,this.relaxed?`interactive`:0);await t.audioWorklet.addModule(o);let n=new AudioWorkletNode(t,`legato-player`,{numberOfInputs:0,outputChannelCount:[2],processorOptions:{...this.known(),...this.buffer,sampleRate:this.rate}});n.port.onmessage=e=>this.fromWorklet(e.data,n),n.connect(t.destination);let{port1:r,port2:i}=new MessageChannel;this.handover=this.stats!==null,this.stats&&={...this.stats,index:this.putOutIndex,contextTime:t.currentTime},this.context=t,this.node=n,this.cardClock=new e,this.toWorklet({kind:`link`,port:r},[r]),this.toLink({kind:`audio`,port:i},[i])}known(){return this.stats?{targetSeconds:this.stats.target/this.rate}:{}}fromLink(e){e.kind===`opened`?this.events.opened():e.kind===`closed`?this.events.closed(e.code,e.reason):e.kind===`text`?this.events.text(e.text):e.kind===`round-trip`?this.roundTrip=e.milliseconds:this.events.problem(e.reason)}fromWorklet(e,t){if(e.kind===`captured`)this.waiting.shift()?.(e);else if(t===this.node){if(this.handover&&=e.stream<0,this.handover)return;this.stats=e,this.events.report(e),this.cardClock.note(e.contextTime,performance.now()/1e3)&&this.relax().catch(this.tellProblem)}}toLink(e,t=[]){this.link.postMessage(e,t)}toWorklet(e,t=[]){this.node?.port.postMessage(e,t)}};function d(e,t){try{return new AudioContext({sampleRate:e,latencyHint:t})}catch{return new AudioContext({latencyHint:t})}}var f=64,p=class{constructor(){this.chords=[],this.notes=[]}begin(){this.chords=m(this.chords),this.notes=m(this.notes)}note({chord:e,notes:t},n){this.chords=ee(this.chords,e===null?[]:[e],n),this.notes=ee(this.notes,t,n)}chordAt(e){return this.chords.find(t=>e>=t.from&&e<t.to)?.what??null}};function m(e){return e.filter(e=>e.to===1/0).map(e=>({...e,from:0}))}function ee(e,t,n){let r=new Set(e.filter(e=>e.to===1/0).map(e=>e.what)),i=t.filter(e=>!r.has(e)).map(e=>({what:e,from:n,to:1/0}));return[...e.map(e=>e.to===1/0&&!t.includes(e.what)?{...e,to:n}:e).filter(e=>e.to>e.from&&e.to>n-f),...i]}var te=48e3,ne=20,re=44;async function ie(e){let t=await ae(e),n=await fetch(new URL(`prompts`,document.baseURI),{method:`POST`,body:se(oe(t))}).catch(()=>null);if(!n)throw Error(`The server cannot be reached.`);let r=await n.json().catch(()=>({}));if(!n.ok||!r.prompts)throw Error(r.error?ce(r.error):`The server could not hear the sound.`);return r.prompts}async function ae(e){try{return await new OfflineAudioContext(1,1,te).decodeAudioData(await e.arrayBuffer())}catch{throw Error(`The file holds no sound that this browser can read: try WAV, MP3, FLAC or Ogg.`)}}function oe(e){let t=Math.min(e.length,ne*e.sampleRate),n=e.length-t>>1,r=new Float32Array(t);for(let i=0;i<e.numberOfChannels;i++){let a=e.getChannelData(i).subarray(n,n+t);for(let n=0;n<t;n++)r[n]+=a[n]/e.numberOfChannels}return r}function se(e){let t=new DataView(new ArrayBuffer(re+2*e.length)),n=(e,n)=>[...n].forEach((n,r)=>t.setUint8(e+r,n.charCodeAt(0)));return n(0,`RIFF`),t.setUint32(4,36+2*e.length,!0),n(8,`WAVEfmt `),t.setUint32(16,16,!0),t.setUint16(20,1,!0),t.setUint16(22,1,!0),t.setUint32(24,te,!0),t.setUint32(28,2*te,!0),t.setUint16(32,2,!0),t.setUint16(34,16,!0),n(36,`data`),t.setUint32(40,2*e.length,!0),e.forEach((e,n)=>t.setInt16(re+2*n,Math.round(32767*Math.min(1,Math.max(-1,e))),!0)),new Blob([t.buffer],{type:`audio/wav`})}var ce=e=>`${e[0]?.toUpperCase()}${e.slice(1)}.`,h=.75,le=.01,g={x:.5,y:h/2},ue=.2,de=.16,fe=.2,pe=.005,me=.002,he=Math.PI/180,_=(e,t)=>Math.hypot(e.x-t.x,e.y-t.y),ge=e=>Math.exp(-((e/ue)**2)/2),_e=(e,t,n)=>Math.min(t,Math.max(e,n));function ve(e){return ue*Math.sqrt(-2*Math.log(_e(le,1,e)))}function v(e){return{x:_e(0,1,e.x),y:_e(0,h,e.y)}}function ye(e,t){return Math.max(le,ge(_(t,e.cursor)))}function y(e){let t=e.pads.filter(e=>e.text.trim()),n=Math.min(...t.map(t=>_(t,e.cursor))),r=new Map;for(let i of t){let t=_(i,e.cursor),a=Math.exp((n**2-t**2)/(2*ue**2));r.set(i.text.trim(),(r.get(i.text.trim())??0)+a)}let i=[...r.values()].reduce((e,t)=>e+t,0),a=[...r].map(([e,t])=>[e,t/i]);return Object.fromEntries(a.filter(([,e])=>e>=pe).map(([e,t])=>[e,Pe(t)]))}function be(e,t){let n=Object.entries(t);if(n.length===0||Ne(y(e),Me(t)))return e;let r=Math.max(...Object.values(t));return{pads:n.map(([t,i],a)=>{let o=e.pads.find(e=>e.text.trim()===t),s=(-150+360*a/n.length)*he,c=o??{x:e.cursor.x+Math.cos(s),y:e.cursor.y+Math.sin(s)};return{id:a+1,text:t,...Oe(e.cursor,c,ve(i/r*ge(de)))}}),cursor:e.cursor}}function xe(e,t,n,r){if(n<=0)return e;if(n>=1)return t;let i=je(e.cursor,t.cursor,n),[a,o]=[y(e),y(t)],s=[...new Set([...Object.keys(a),...Object.keys(o)])].map((e,t)=>({id:t+1,text:e,share:(a[e]??0)*(1-n)+(o[e]??0)*n})).toSorted((e,t)=>t.share-e.share).slice(0,r),c=s[0]?.share??1,l=ke(e)*(1-n)+ke(t)*n;return{pads:s.map(({id:r,text:a,share:o})=>{let s=e.pads.find(e=>e.text.trim()===a),u=t.pads.find(e=>e.text.trim()===a),d=s&&u?je(s,u,n):s??u??g;return{id:r,text:a,...Oe(i,d,ve(o/c*l))}}).toSorted((e,t)=>e.id-t.id),cursor:i}}function b(e,t){return{...e,cursor:v(t)}}function Se(e,t,n){return Ae(e,t,v(n))}function Ce(e,t,n){let r=e.pads.find(e=>e.id===t);return r?Ae(e,t,Oe(e.cursor,r,ve(n))):e}function we(e,t,n){return Ae(e,t,{text:n.trim()})}function Te(e,t){return{...e,pads:e.pads.filter(e=>e.id!==t)}}function Ee(e,t){return e.pads.some(e=>e.id!==t&&e.text.trim())}function De(e,t){let n=Array.from({length:24},(t,n)=>{let r=(15*n-90)*he;return Oe(e.cursor,{x:e.cursor.x+Math.cos(r),y:e.cursor.y+Math.sin(r)},fe)}),r=t=>Math.min(...e.pads.map(e=>_(e,t))),i=n.reduce((e,t)=>r(t)>r(e)+1e-9?t:e);return{...e,pads:[...e.pads,{id:Math.max(0,...e.pads.map(e=>e.id))+1,text:t,...i}]}}function Oe(e,t,n){let r=_(e,t)>1e-9?Math.atan2(t.y-e.y,t.x-e.x):-90*he;for(let t=0;t<=180;t+=2)for(let i of[t,-t]){let t={x:e.x+n*Math.cos(r+i*he),y:e.y+n*Math.sin(r+i*he)};if(t.x>=0&&t.x<=1&&t.y>=0&&t.y<=.75)return t}return v({x:e.x+n*Math.cos(r),y:e.y+n*Math.sin(r)})}function ke(e){return Math.max(le,...e.pads.filter(e=>e.text.trim()).map(t=>ye(e,t)))}function Ae(e,t,n){return{...e,pads:e.pads.map(e=>e.id===t?{...e,...n}:e)}}function je(e,t,n){return{x:e.x+(t.x-e.x)*n,y:e.y+(t.y-e.y)*n}}function Me(e){let t=Object.values(e).reduce((e,t)=>e+t,0);return Object.fromEntries(Object.entries(e).map(([e,n])=>[e,n/t]))}function Ne(e,t){let n=Object.keys(e);return n.length===Object.keys(t).length&&n.every(n=>Math.abs((e[n]??0)-(t[n]??9))<me)}function Pe(e){return Math.round(e*1e3)/1e3}var x=[`bpm`,`density`,`brightness`,`loudness`,`guidance`,`temperature`];function Fe(e,t){let{notes:n,prompts:r,listen:i,...a}=e;return{...a,surface:t}}function Ie(e,t){let{surface:n,...r}=e,i=y(n),a=Object.keys(i).length>0?{...r,prompts:i}:r,o=Object.entries(a).filter(([e,n])=>JSON.stringify(n)!==JSON.stringify(t[e]));return Object.fromEntries(o)}function Le(e,t,n,r){let i={...n<.5?e:t,surface:xe(e.surface,t.surface,n,r)};for(let r of x){let[a,o]=[e[r],t[r]];a!==null&&o!==null&&(i[r]=Number((a+(o-a)*Math.min(1,Math.max(0,n))).toFixed(4)))}return i}var Re=50,ze=class{constructor(e){this.desk=e,this.a=0,this.b=1,this.at=0,this.seconds=8,this.run=null,this.count=0}get running(){return this.run!==null}choose(e,t){this.cancel(),this[e]=t,this.desk.session.announce()}slide(e){let t=this.ends();t&&(this.desk.apply(Le(...t,e,this.desk.promptLimit),`crossfade`,`now`),this.at=e,this.desk.session.announce())}go(){if(this.run)return this.cancel();let e=this.ends();if(!e)return;let t=this.at,n=+(t<1),r=this.seconds*1e3*Math.abs(n-t),[i,a]=e;this.begin({from:i,to:a,start:performance.now(),length:r,slider:!0,place:e=>t+(n-t)*(e/r)})}glide(e){let[t,n]=[this.desk.patch(),this.desk.scenes.slots[e]];if(!n)return this.desk.scenes.sayEmpty(e);let r=this.seconds*1e3;t&&this.begin({from:t,to:n,start:performance.now(),length:r,slider:!1,place:e=>e/r})}cancel(){this.run&&(clearInterval(this.timer),this.run=null,this.desk.session.announce())}begin(e){this.cancel(),this.desk.note(`fade ${++this.count}`),this.run=e,this.timer=setInterval(()=>this.step(e),Re),this.desk.session.announce()}step(e){let t=Math.min(e.length,performance.now()-e.start),n=e.place(t);t>=e.length&&(clearInterval(this.timer),this.run=null),e.slider&&(this.at=n),this.desk.show(Le(e.from,e.to,n,this.desk.promptLimit),`now`)}ends(){let[e,t]=[this.desk.scenes.slots[this.a],this.desk.scenes.slots[this.b]];return e&&t?[e,t]:(this.desk.scenes.sayEmpty(e?this.b:this.a),null)}},Be=16,Ve=class{constructor(){this.held=new Map,this.sustained=new Set,this.pedalDown=!1}press(e,t){this.release(e),t>=21&&t<=108&&this.held.set(e,t)}release(e){let t=this.held.get(e);this.held.delete(e),t!==void 0&&this.pedalDown&&this.sustained.add(t)}releaseAll(e){for(let t of[...this.held.keys()])t.startsWith(e)&&this.release(t)}pedal(e){this.pedalDown=e,e||this.sustained.clear()}clear(){this.held.clear(),this.pedal(!1)}get notes(){let e=[...this.sustained,...this.held.values()];return[...new Set(e.toReversed())].slice(0,Be).sort((e,t)=>e-t)}},S=[`drums`,`bass`,`chords`,`lead`],He=[`now`,`beat`,`bar`],C={bpm:`Tempo`,density:`Density`,brightness:`Brightness`,loudness:`Loudness`,guidance:`Guidance`,temperature:`Temperature`,"cursor.x":`Prompt cursor, across`,"cursor.y":`Prompt cursor, up and down`,fade:`Crossfade`,drums:`Drums`,bass:`Bass`,chords:`Chords`,lead:`Lead`,"scene.1":`Scene 1`,"scene.2":`Scene 2`,"scene.3":`Scene 3`,"scene.4":`Scene 4`,"scene.5":`Scene 5`,"scene.6":`Scene 6`,"scene.7":`Scene 7`,"scene.8":`Scene 8`,"plan.roll":`Roll all of the plan`,"take.record":`Record`,"take.mark":`Mark`,"take.keep":`Keep the last seconds`};function Ue(e){return typeof e==`string`&&Object.hasOwn(C,e)}function We(e){let[t=0,n=0,r=0]=Array.from(e),i=(t&15)+1,a=t&240;return a===144&&r>0?{kind:`on`,channel:i,note:n}:a===128||a===144?{kind:`off`,channel:i,note:n}:a===176?{kind:`cc`,channel:i,number:n,value:r}:null}function Ge(e,t,n){let r=Object.entries(e).filter(([e,r])=>e!==t&&r!==n);return{...Object.fromEntries(r),[t]:n}}function Ke(e,t){return Object.fromEntries(Object.entries(e).filter(([,e])=>e!==t))}function qe(e,t){return Object.entries(e).find(([,e])=>e===t)?.[0]??null}function Je(e){let t=null;try{t=JSON.parse(e??`null`)}catch{return{}}return typeof t!=`object`||!t?{}:Object.fromEntries(Object.entries(t).filter(e=>/^\d{1,2}:\d{1,3}$/.test(e[0])&&Ue(e[1])))}var Ye=`legato.midi.bindings`,Xe=`legato.midi`,Ze=`This browser has no Web MIDI: use Chrome, Edge or Firefox on a secure page, or play with the mouse and keyboard.`,Qe=`The browser did not allow MIDI: permit it for this page and try again.`,$e=class{constructor(e){this.desk=e,this.inputs=null,this.learning=!1,this.waiting=null,this.bindings=Je(localStorage.getItem(Ye)),localStorage.getItem(Xe)===`on`&&`requestMIDIAccess`in navigator&&this.open()}async open(){if(this.inputs)return!0;if(!(`requestMIDIAccess`in navigator))return this.refuse(Ze);try{let e=await navigator.requestMIDIAccess();e.onstatechange=()=>this.listen(e),this.listen(e)}catch{return localStorage.removeItem(Xe),this.refuse(Qe)}return localStorage.setItem(Xe,`on`),!0}async toggleLearn(){this.learning?this.learn(!1):await this.open()&&this.learn(!0)}learn(e){this.learning=e,this.waiting=null,this.desk.session.announce()}choose(e){this.waiting=e===`cursor.x`&&this.waiting===`cursor.x`?`cursor.y`:this.waiting===e||e===`cursor.x`&&this.waiting===`cursor.y`?null:e,this.desk.session.announce()}forget(e){this.keep(Ke(this.bindings,e))}listen(e){let t=[...e.inputs.values()].filter(e=>e.state!==`disconnected`);for(let e of t)e.onmidimessage=t=>t.data&&this.receive(e.id,t.data);t.length<(this.inputs?.length??0)&&this.desk.releaseAll(`midi`),this.inputs=t.map(e=>e.name??`MIDI input`),this.desk.session.announce()}receive(e,t){let n=We(t);if(!n)return;let r=`midi ${e} ${n.channel}`;n.kind===`on`?this.desk.press(`${r} ${n.note}`,n.note):n.kind===`off`?this.desk.release(`${r} ${n.note}`):this.control(n.channel,n.number,n.value)}control(e,t,n){let r=`${e}:${t}`;if(this.waiting){this.keep(Ge(this.bindings,r,this.waiting)),this.waiting=null,this.desk.session.announce();return}let i=this.bindings[r];i?this.move(i,n/127):t===64?this.desk.pedal(n>=64):(t===120||t===123)&&this.desk.notesOff()}move(e,t){let{desk:n}=this,{surface:r}=n,i=e;if(x.includes(i))this.turn(i,t);else if(S.includes(i))n.change({[i]:t>=.5});else if(e===`fade`)n.fade.slide(t);else if(e===`cursor.x`)n.place(b(r,{...r.cursor,x:t}),`cursor`);else if(e===`cursor.y`)n.place(b(r,{...r.cursor,y:(1-t)*h}),`cursor`);else if(t<.5)return;else e===`plan.roll`?n.session.time.order({action:`roll`}):e===`take.record`?n.takes.record():e===`take.mark`?n.takes.mark():e===`take.keep`?n.takes.keep():n.scenes.recall(Number(i.slice(6))-1)}turn(e,t){let[n,r]=this.desk.session.hello?.ranges[e]??[0,1],i=n+(r-n)*t;this.desk.change({[e]:Number(i.toFixed(e===`bpm`?0:3))})}keep(e){this.bindings=e,localStorage.setItem(Ye,JSON.stringify(e)),this.desk.session.announce()}refuse(e){return this.desk.session.say(e),!1}};function et(e){let[t,n]=e.split(`:`);return t===`1`?`CC ${n}`:`CC ${n} · ch ${t}`}var tt=e=>C[e],nt=3,rt=[.1,.26,.36];function it(e,t,n){let r=(e,t)=>e+(t-e)*n(),i=(e,t)=>n()<.3?null:Number(r(e,t).toFixed(2)),a=v({x:g.x+r(-.12,.12),y:g.y+r(-.09,.09)}),o=r(0,2*Math.PI),s=at(t.styles,nt,n).map(({prompt:e},t)=>{let n=o+2*Math.PI*t/nt+r(-.4,.4),i=rt[t]+r(-.03,.03),s=v({x:a.x+i*Math.cos(n),y:a.y+i*Math.sin(n)*h});return{id:t+1,text:e,...s}});return{...e,surface:s.length>0?{pads:s,cursor:a}:e.surface,bpm:null,chord:null,density:i(.25,.8),brightness:i(.25,.8),loudness:i(.5,.8),drums:null,bass:null,chords:null,lead:null,seed:Math.floor(n()*t.limits.seed),conductor:`on`}}function at(e,t,n){let r=[...e];return Array.from({length:Math.min(t,r.length)},()=>r.splice(Math.floor(n()*r.length),1)[0])}var ot=7,st={"major pentatonic":`major`,"minor pentatonic":`minor`,blues:`dorian`};function w(e){let t=e.indexOf(` `);return t<0?[e,`major`]:[e.slice(0,t),e.slice(t+1)]}var ct=[`7th`,`9th`,`sus2`,`sus4`],lt={triad:[0,2,4],"7th":[0,2,4,6],"9th":[0,2,4,6,8],sus2:[0,1,4],sus4:[0,3,4]};function ut(e,t,n){let[r,i]=w(e),a=t.modes[st[i]??i],o=t.pitch_classes.indexOf(r);return!a||o<0||a.length!==ot?[]:a.map((e,r)=>{let i=pt(lt[n].map(t=>xt(a[(r+t)%ot]-e)),t.qualities)??(n===`triad`?`5`:null);return i===null?null:`${t.pitch_classes[xt(o+e)]}${i}`})}function dt(e,t){let[n,r]=w(e),i=t.pitch_classes.indexOf(n);return i<0?[]:(t.modes[r]??[]).map(e=>xt(i+e))}function ft(e,t){let[,n=``,r=``]=/^([A-G][#b]?)([^/]*)/.exec(e)??[],i=t.pitch_classes.indexOf(n);return i<0?[]:(t.qualities[r]??[]).map(e=>xt(i+e))}function pt(e,t){let n=[...e].sort((e,t)=>e-t).join();for(let[e,r]of Object.entries(t))if([...r].sort((e,t)=>e-t).join()===n)return e;return null}var mt={minor:3,dorian:10,phrygian:8,lydian:7,mixolydian:5,locrian:1},ht=new Set([1,3,5,8,10]),gt=new Set([2,4,6,7,9,11]),_t=[`C`,`C#`,`D`,`Eb`,`E`,`F`,`F#`,`G`,`Ab`,`A`,`Bb`,`B`],vt={"C#":`Db`,"F#":`Gb`,"D#":`Eb`,"G#":`Ab`,"A#":`Bb`},yt={Eb:`D#`,Ab:`G#`,Bb:`A#`,Db:`C#`,Gb:`F#`};function T(e,t=null){return e.replace(/^[A-G][#b]/,e=>bt(t)[e]??e).replace(/#/g,`♯`).replace(/(?<=[A-G0-9m])b/g,`♭`).replace(/dim/,`°`)}function bt(e){if(!e)return{};let[t,n]=w(e),r=mt[n]??(n.includes(`minor`)||n===`blues`?3:0),i=xt(_t.indexOf(t)+r);return ht.has(i)?vt:gt.has(i)?yt:{}}function xt(e){return(e%12+12)%12}var St=`legato scenes`,Ct=1,wt=[`bpm`,`density`,`brightness`,`loudness`],Tt=[`surface`,...x,`key`,`chord`,...S,`seed`,`conductor`,`steps`],Et=/^[A-G][#b]?[-\w#+°ø/]{0,12}$/;function Dt(e){return JSON.stringify(Ot(e),null,2)}var Ot=e=>({kind:St,version:Ct,scenes:e});function kt(e,t){let n;try{n=JSON.parse(e)}catch{throw Error(`The file is not JSON: choose one that this page exported.`)}let r=Pt(n,`The file`,[`kind`,`version`,`scenes`]);if(r.kind!==St||r.version!==Ct)throw Error(`The file holds no Legato scenes of version ${Ct}: choose one that this page exported.`);if(!Array.isArray(r.scenes)||r.scenes.length!==8)throw Error(`The file must hold 8 scenes, null where one is empty.`);return r.scenes.map((e,n)=>e===null?null:At(e,`Scene ${n+1}`,t))}function At(e,t,n){let r=Pt(e,t,Tt);for(let e of x)r[e]===null&&wt.includes(e)||Ft(r[e],`${t}: ${e}`,...n.ranges[e]);for(let e of S)if(r[e]!==null&&typeof r[e]!=`boolean`)throw Error(`${t}: ${e} must be true, false or null.`);if(Nt(r.key,t,n),r.chord!==null&&(typeof r.chord!=`string`||!Et.test(r.chord)))throw Error(`${t}: chord must be null or a name such as Am7.`);if(Ft(r.seed,`${t}: seed`,0,n.limits.seed),!Number.isInteger(r.seed))throw Error(`${t}: seed must be a whole number.`);return It(r.conductor,`${t}: conductor`,[`on`,`free`]),It(r.steps,`${t}: steps`,n.steps),{...r,surface:jt(r.surface,t,n)}}function jt(e,t,n){let{pads:r,cursor:i}=Pt(e,`${t}: surface`,[`pads`,`cursor`]),a=n.limits.prompts;if(!Array.isArray(r)||r.length>a)throw Error(`${t}: pads must be a list of at most ${a}.`);let o=r.map((e,r)=>{let i=`${t}: pad ${r+1}`,{text:a,x:o,y:s}=Pt(e,i,[`id`,`text`,`x`,`y`]),c=n.limits.prompt_characters;if(typeof a!=`string`||a.length>c)throw Error(`${i}: text must be words of at most ${c} characters.`);return{id:r+1,text:a.trim(),...Mt({x:o,y:s},i)}});if(!o.some(e=>e.text))throw Error(`${t}: at least one pad must have a text.`);return{pads:o,cursor:Mt(i,`${t}: cursor`)}}function Mt(e,t){let{x:n,y:r}=Pt(e,t,[`x`,`y`]);return{x:Ft(n,`${t}: x`,0,1),y:Ft(r,`${t}: y`,0,h)}}function Nt(e,t,n){let[r,i]=typeof e==`string`?w(e):[``,``];if(e!==null&&!(n.pitch_classes.includes(r)&&Object.hasOwn(n.modes,i)))throw Error(`${t}: key must be null or a name such as A minor.`)}function Pt(e,t,n){if(typeof e!=`object`||!e||Array.isArray(e))throw Error(`${t} must be a JSON object.`);let r=Object.keys(e),i=r.find(e=>!n.includes(e));if(i!==void 0)throw Error(`${t} has an unknown field “${i.slice(0,40)}”; known are ${n.join(`, `)}.`);let a=n.find(e=>!r.includes(e));if(a!==void 0)throw Error(`${t} lacks the field “${a}”.`);return e}function Ft(e,t,n,r){if(typeof e!=`number`||!(e>=n&&e<=r))throw Error(`${t} must be a number from ${n} to ${r}.`);return e}function It(e,t,n){if(!n.includes(e))throw Error(`${t} must be one of ${n.join(`, `)}.`)}var Lt=`legato.scenes`,Rt=class{constructor(e){this.desk=e,this.slots=Array.from({length:8},()=>null),this.armed=`recall`,this.current=null}load(){let e=localStorage.getItem(Lt);if(e&&this.desk.session.hello)try{this.slots=kt(e,this.desk.session.hello)}catch{localStorage.removeItem(Lt)}}hear(e){let{session:t}=this.desk;if(t.hello)try{this.slots=kt(JSON.stringify(Ot(e)),t.hello)}catch(e){t.say(`The server's scenes: ${e instanceof Error?e.message:String(e)}`)}}arm(e){this.armed=this.armed===e?`recall`:e,this.desk.session.announce()}press(e){let t=this.armed===`recall`&&!this.slots[e]?`store`:this.armed;this.armed=`recall`,t===`store`?this.store(e):t===`clear`?this.clear(e):this.recall(e)}recall(e){let t=this.slots[e];if(!t)return this.sayEmpty(e);this.desk.apply(t,`scene ${e}`),this.current=e,this.desk.session.announce()}store(e){this.keep(this.slots.with(e,this.desk.patch())),this.current=e,this.desk.session.announce()}clear(e){this.armed=`recall`,this.current===e&&(this.current=null),this.keep(this.slots.with(e,null))}sayEmpty(e){this.desk.session.say(`Scene ${e+1} is empty: store something in it first.`)}import(e){let{hello:t}=this.desk.session;if(t){try{this.keep(kt(e,t))}catch(e){this.desk.session.say(e instanceof Error?e.message:String(e));return}this.current=null,this.desk.session.say(`Scenes imported.`,`note`)}}export(){return Dt(this.slots)}keep(e){let{session:t}=this.desk,n=e.map((e,t)=>({scene:e,slot:t})).filter(({scene:e,slot:t})=>e!==this.slots[t]);if(this.slots=e,!t.hello?.scenes)localStorage.setItem(Lt,Dt(e));else for(let{scene:e,slot:r}of n)t.player.send({type:`scene`,slot:r,...e?{action:`store`,scene:e}:{action:`clear`}});this.desk.session.announce()}};function zt(e){return Object.fromEntries(S.map(t=>[t,e[t]]))}function Bt(e,t){return e&&S.every(n=>t[n]===e.on.includes(n))?e.on:[]}function Vt(e,t,n){let r=Bt(e,t),i=e&&r.length>0?e.before:zt(t),a=r.includes(n)?r.filter(e=>e!==n):[...r,n];if(a.length===0)return{solo:null,gates:i};let o=Object.fromEntries(S.map(e=>[e,a.includes(e)]));return{solo:{before:i,on:a},gates:o}}var Ht={wanted:!1,recording:null,waiting:[],marks:0};function Ut({wanted:e,recording:t,waiting:n}){return n.includes(`stop`)?`saving`:t?`recording`:e?`armed`:`off`}function Wt(e,t){return{...e,waiting:[...e.waiting,t],marks:e.marks+ +(t===`mark`)}}var Gt={started:`start`,marked:`mark`,stopped:`stop`,kept:`keep`};function Kt(e,t){let n=e.waiting.indexOf(Gt[t.action]),r=e.waiting.filter((e,t)=>t!==n);if(t.action===`started`){let{name:n,file:i}=t;return{...e,recording:{name:n,file:i,seconds:0,lost_seconds:0},waiting:r,marks:0}}let i=t.action===`stopped`&&e.recording?.file===t.file;return{...e,recording:i?null:e.recording,waiting:r}}function qt(e){let[t,...n]=e.waiting;if(!t&&e.recording)return{state:e,ours:!1};let r=t===`start`?n.includes(`start`):e.wanted;return{state:{...e,wanted:r,waiting:n},ours:!0}}function Jt(e,t,n){let r=e.waiting.some(e=>e===`start`||e===`stop`),i=n&&e.recording!==null&&t===null&&!r;return{state:{...e,recording:t,wanted:e.wanted&&!i},broken:i}}function Yt(e,t){let n=[...e.replace(/[^\p{L}\p{N} _-]/gu,`-`).trim()].slice(0,t).join(``).trim();return/[\p{L}\p{N}]/u.test(n)?n:null}function Xt(e,t,n){return Yt(e,n)??`mark ${t.marks+1}`}function Zt(e){let t=Math.floor(e),n=e=>String(e).padStart(2,`0`),[r,i]=[Math.floor(t/3600),Math.floor(t/60)%60];return r>0?`${r}:${n(i)}:${n(t%60)}`:`${i}:${n(t%60)}`}function Qt(e){let t=`${e.action===`kept`?`Kept`:`Take written`}: ${e.file}, ${Zt(e.seconds)}`;return e.warning?`${t}; ${e.warning}.`:`${t}.`}var $t=6,en=`This server has no folder for takes: start it with legato play --takes FOLDER.`,tn=`Marks are set in a take: record first (C).`,nn=`Nothing was heard yet that could be kept: start first.`,rn=`The disk is slow: earlier takes are still being written.`,an=`the recording has ended by itself; the file plays up to there`,on=class{constructor(e){this.desk=e,this.state=Ht,this.label=``}get offer(){return this.desk.session.hello?.takes??null}get phase(){return Ut(this.state)}get on(){return this.state.wanted||this.phase===`recording`}get nextMark(){return Xt(this.label,this.state,this.longest)}get longest(){return this.desk.session.hello?.limits.name_characters??40}get canKeep(){let{connection:e,status:t,playing:n}=this.desk.session;return e===`open`&&(n||(t?.stream??0)>0)&&!this.state.waiting.includes(`keep`)}record(){if(!this.allowed())return;let e=!this.on;(!this.sounds||(e?this.named(`start`):this.order(`stop`)))&&this.change({...this.state,wanted:e})}mark(){if(!this.allowed())return;if(this.phase!==`recording`)return this.desk.session.say(tn,`note`);let e=this.nextMark;this.label=``,this.order(`mark`,e)}setLabel(e){this.label=e,this.desk.session.announce()}keep(){this.allowed()&&!this.state.waiting.includes(`keep`)&&(this.canKeep?this.named(`keep`):this.desk.session.say(nn,`note`))}begin(){this.offer?this.state.wanted&&this.named(`start`):this.state=Ht}end(){this.state={...this.state,wanted:!1}}lost(){this.state={...Ht,wanted:this.state.wanted}}hear(e){this.state=Kt(this.state,e);let{session:t}=this.desk;e.action===`marked`?t.say(`“${e.name}” marked at ${Zt(this.state.recording?.seconds??0)}.`,`note`):e.action!==`started`&&t.say(Qt(e),e.warning?`error`:`note`)}follow(e){let{state:t,broken:n}=Jt(this.state,e.recording,this.sounds),r=this.state.recording?.file;this.state=t,n&&this.desk.session.say(`${r}: ${e.warning??an}.`)}refused(){let{state:e,ours:t}=qt(this.state);return this.state=e,t}get sounds(){return this.desk.session.playing&&this.desk.session.connection===`open`}allowed(){let{session:e}=this.desk;return e.hello&&!this.offer&&e.say(en,`note`),this.offer!==null}named(e){let t=Yt(this.label,this.longest),n=t?this.order(e,t):this.order(e);return n&&(this.label=``),n}order(e,t){return this.state.waiting.length>=$t?(this.desk.session.say(rn),!1):(this.desk.session.take(e,t),this.change(Wt(this.state,e)),!0)}change(e){this.state=e,this.desk.session.announce()}},sn=2e3,cn=class{constructor(){this.times=[]}tap(e){let t=this.times.at(-1);t!==void 0&&e-t>sn&&(this.times=[]),this.times=[...this.times,e].slice(-6);let n=this.times[0];return this.times.length<2?null:Math.round(6e4*(this.times.length-1)/(e-n))}},ln=800,un=class{constructor(){this.past=[],this.future=[],this.gesture=``,this.time=-1/0}get canUndo(){return this.past.length>0}get canRedo(){return this.future.length>0}note(e,t,n){let r=this.past.at(-1),i=t===this.gesture&&n-this.time<ln&&this.future.length===0;return this.gesture=t,this.time=n,i&&r!==void 0?r:(this.past=[...this.past,e].slice(-200),this.future=[],e)}undo(e){return this.move(this.past,this.future,e)}redo(e){return this.move(this.future,this.past,e)}forget(e){this.past=this.past.filter(t=>!e(t)),this.future=this.future.filter(t=>!e(t)),this.gesture=``}move(e,t,n){let r=e.pop();return r===void 0?null:(t.push(n(r)),this.gesture=``,r)}},dn=`legato.surface`,fn=36,pn=84,mn=60,hn=class{constructor(e){this.session=e,this.surface={pads:[],cursor:g},this.typing=!1,this.hearing=!1,this.lowNote=mn,this.scenes=new Rt(this),this.fade=new ze(this),this.midi=new $e(this),this.takes=new on(this),this.history=new un,this.held=new Ve,this.tempo=new cn,this.solo=null,this.loaded=!1,this.planSteps=0}get promptLimit(){return this.session.hello?.limits.prompts??8}patch(){return this.session.controls&&Fe(this.session.controls,this.surface)}change(e,t=Object.keys(e).join()){this.note(t),this.session.steer(e)}place(e,t){let n=this.patch();n&&this.apply({...n,surface:e},t)}async soundLike(e){if(!this.hearing){this.setHearing(!0);try{let t=await ie(e);this.place(be({pads:[],cursor:this.surface.cursor},t),`sound ${performance.now()}`);let n=Object.entries(t).map(([e,t])=>`${e} ${Math.round(100*t)} %`);this.session.say(`${e.name} sounds like ${n.join(`, `)}.`,`note`)}catch(e){this.session.say(e instanceof Error?e.message:String(e))}finally{this.setHearing(!1)}}}apply(e,t,n){this.note(t),this.show(e,n)}show(e,t){this.surface=e.surface,sessionStorage.setItem(dn,JSON.stringify(e.surface)),this.session.controls&&this.session.steer(Ie(e,this.session.controls),t)}note(e){this.fade.cancel(),this.scenes.current=null;let t=this.patch();t&&this.history.note(t,e,performance.now())}notePlan(e){return this.planSteps=Math.max(this.planSteps+1,Date.now()),this.history.note(this.planSteps,e,performance.now())}forgetPlan(){this.history.forget(e=>typeof e==`number`)}forgetStep(e){this.history.forget(t=>t===e)}undo(){this.step(`undo`)}redo(){this.step(`redo`)}randomise(){let[e,t]=[this.patch(),this.session.hello];e&&t&&this.apply(it(e,t,Math.random),`dice ${performance.now()}`)}get soloed(){return this.session.controls?Bt(this.solo,this.session.controls):[]}toggleSolo(e){if(!this.session.controls)return;let{solo:t,gates:n}=Vt(this.solo,zt(this.session.controls),e);this.solo=t,this.change(n,`solo ${e}`)}tap(){let e=this.tempo.tap(performance.now()),[t,n]=this.session.hello?.ranges.bpm??[40,240];e!==null&&this.change({bpm:Math.min(n,Math.max(t,e))},`bpm`)}press(e,t){this.play(()=>this.held.press(e,t))}release(e){this.play(()=>this.held.release(e))}releaseAll(e){this.play(()=>this.held.releaseAll(e))}pedal(e){this.play(()=>this.held.pedal(e)),this.session.announce()}shiftOctave(e){this.lowNote=Math.min(pn,Math.max(fn,this.lowNote+12*e)),this.session.announce()}notesOff(){this.play(()=>this.held.clear())}setTyping(e){this.typing=e,e||this.releaseAll(`type`),this.session.announce()}panic(){this.fade.cancel(),this.midi.learn(!1),this.notesOff(),this.session.stop()}follow(e,t){this.loaded||(this.loaded=!0,this.surface=gn(t)??this.surface,this.scenes.load()),this.surface=be(this.surface,e.prompts)}setHearing(e){this.hearing=e,this.session.announce()}play(e){let t=this.held.notes.join();e(),this.held.notes.join()!==t&&this.session.play(this.held.notes)}step(e){let t=this.patch();if(!t)return;let n=this.history[e](e=>typeof e==`number`?e:t);typeof n==`number`?this.session.time.revise(e,n):n&&(this.fade.cancel(),this.scenes.current=null,this.show(n))}};function gn(e){try{let t=JSON.parse(sessionStorage.getItem(dn)??`null`);return!t||t.pads.length>e.limits.prompts||Object.keys(y(t)).length===0?null:t}catch{return null}}var _n=[`stopped`,`kept`];function vn(e){let t=JSON.parse(e);return t.type===`hello`?{...t,takes:yn(t.takes)}:t.type===`status`?{...t,recording:bn(t.recording)}:t.type===`take`?xn(t):t}function yn(e){if(e==null)return null;let t=Sn(e,`hello.takes`);return{kind:E(t,`kind`,`hello.takes`),keep_seconds:D(t,`keep_seconds`,`hello.takes`)}}function bn(e){if(e==null)return null;let t=`status.recording`,n=Sn(e,t);return{name:E(n,`name`,t),file:E(n,`file`,t),seconds:D(n,`seconds`,t),lost_seconds:D(n,`lost_seconds`,t)}}function xn(e){let t=Sn(e,`take`),n=t.action,r={type:`take`,name:E(t,`name`,`take`)};if(n===`started`)return{...r,action:n,file:E(t,`file`,`take`)};if(n===`marked`)return{...r,action:n,sample:D(t,`sample`,`take`)};let i=_n.find(e=>e===n);return i?{...r,action:i,file:E(t,`file`,`take`),seconds:D(t,`seconds`,`take`),lost_seconds:D(t,`lost_seconds`,`take`),warning:t.warning===null?null:E(t,`warning`,`take`)}:Cn(`take: action must be one of started, marked, ${_n.join(`, `)}`)}function Sn(e,t){return typeof e!=`object`||!e||Array.isArray(e)?Cn(`${t} must be a JSON object`):e}function E(e,t,n){let r=e[t];return typeof r==`string`&&r?r:Cn(`${n}: ${t} must be a text`)}function D(e,t,n){let r=e[t];return typeof r==`number`&&r>=0&&Number.isFinite(r)?r:Cn(`${n}: ${t} must be a number from 0 up`)}function Cn(e){throw Error(`The server said something this page does not understand (${e}): reload the page.`)}var wn=64,Tn=1200,En=class{constructor(){this.rate=48e3,this.bars=[],this.heardLevels=[],this.anchors=[],this.stream=0}begin(e){(e!==this.stream||e===0)&&(this.stream=e,this.bars=[],this.anchors=[],this.heardLevels=[])}note(e){this.begin(e.stream);let t=e.plan[0];if(t){let n=this.bars.filter(e=>e.index<t.index);this.bars=[...n.filter(e=>e.start_beat>t.start_beat-wn),...e.plan]}e.now&&(this.anchors=[...this.anchors,e.now].slice(-64))}heard(e){if(!e.playing||e.stream!==this.stream)return;let t=Math.sqrt(Math.max(...e.power));this.heardLevels.push({index:e.index,beat:this.beatAt(e.index),level:t,peak:Math.max(...e.peak)}),this.heardLevels.length>Tn&&this.heardLevels.shift()}beatAt(e){let t=this.nowAt(e);return t?t.beat+(e-t.sample)/this.rate*(t.bpm/60):0}nowAt(e){let t=this.anchors[0]??null;for(let n of this.anchors)n.sample<=e&&(t=n);return t}barAt(e){return this.bars.find(t=>e>=t.start_beat&&e<t.start_beat+t.beats)??null}chordsBetween(e,t){return this.bars.filter(n=>n.start_beat<t&&n.start_beat+n.beats>e).flatMap(({start_beat:e,beats:t,chords:n})=>n.map(([r,i],a)=>({what:i,from:e+r,to:e+(n[a+1]?.[0]??t)})))}chordAt(e){let t=this.barAt(e),n=t?.chords[0]?.[1]??null;if(t)for(let[r,i]of t.chords)t.start_beat+r<=e+1e-6&&(n=i);return n}},Dn=1200,On=120,kn={now:`Changes are heard at once.`,beat:`Changes wait for the next beat.`,bar:`Changes wait for the next bar.`};function An(e){let t=e=>e===null?`open`:typeof e==`boolean`?e?`on`:`off`:typeof e==`object`?Object.keys(e).join(` + `):String(e);return Object.entries(e).map(([e,n])=>`${e} ${t(n)}`).join(`, `)}var jn=class{constructor(e){this.session=e,this.quantise=`now`,this.selected=[],this.chosenAt=-1/0,this.draft={},this.step=0,this.orders=0,this.standing=new Map,this.editedAt=-1/0}get coming(){return this.session.status?.plan.slice(1)??[]}get pending(){return this.session.status?.pending??[]}waits(e){return this.pending.some(({changes:t})=>e in t)}get boundary(){let{status:e}=this.session;if(this.quantise===`now`||!e?.now||!e.beat_known)return null;let t=e.plan[0],n=Math.ceil(e.now.beat+1e-6);return this.quantise===`beat`?n:t?t.start_beat+t.beats:e.now.beats_per_bar*Math.ceil((e.now.beat+1e-6)/e.now.beats_per_bar)}choose(e){this.quantise=e,this.chosenAt=performance.now(),this.session.player.send({type:`quantise`,default:e}),this.session.announce()}turn(){this.choose(He[(He.indexOf(this.quantise)+1)%He.length]),this.session.say(kn[this.quantise],`note`)}cancel(e){this.session.player.send(e?{type:`cancel`,fields:e}:{type:`cancel`}),this.session.trustServer()}select(e,t){this.finish();let[n=e]=this.selected.slice(-1);this.selected=t?Array.from({length:Math.abs(e-n)+1},(t,r)=>Math.min(e,n)+r):this.selected.length===1&&n===e?[]:[e],this.session.announce()}deselect(){this.finish(),this.selected=[],this.session.announce()}edit(e){let t=this.session.desk.notePlan(`plan ${this.selected.join()} ${Object.keys(e).join()}`);t!==this.step&&this.sendGathered(),this.step=t;let n=e.gates?{gates:{...this.draft.gates,...e.gates}}:{};this.draft={...this.draft,...e,...n},this.editedAt=performance.now(),this.gathering??=window.setTimeout(()=>this.send(),On),this.session.announce()}shown(e){if(!this.selected.includes(e.index))return e;let t=Object.entries(this.draft).filter(([,e])=>e!==null),n=[...e.edited.filter(e=>!(e in this.draft)),...t.map(([e])=>e)];return{...e,...Object.fromEntries(t),gates:{...e.gates,...this.draft.gates},edited:n}}finish(){this.sendGathered(),this.draft={}}sendGathered(){this.gathering!==void 0&&(window.clearTimeout(this.gathering),this.send())}send(){this.gathering=void 0,this.selected.length>0&&this.tell({action:`set`,bars:[...this.selected],...this.draft,step:this.step})}tell(e){this.standing.set(e.step,(this.standing.get(e.step)??0)+1),this.session.player.send({type:`plan`,...e})}refused(e){let t=(this.standing.get(e)??0)-1;this.standing.set(e,t),t<=0&&this.session.desk.forgetStep(e)}order(e){this.finish(),this.tell({...e,step:this.session.desk.notePlan(`plan order ${++this.orders}`)})}revise(e,t){this.finish(),this.session.player.send({type:`plan`,action:e,step:t})}begin(e){this.session.remote?this.quantise=e:this.quantise!==e&&this.choose(this.quantise)}follow(){let{status:e}=this.session;if(!e)return;performance.now()-this.chosenAt>Dn&&(this.quantise=e.quantise),this.gathering===void 0&&performance.now()-this.editedAt>Dn&&(this.draft={});let t=this.coming[0]?.index;this.selected=this.selected.filter(e=>t!==void 0&&e>=t)}},Mn=40,Nn=1200,Pn=[300,800,1500,3e3],Fn=5e3,In=1,Ln=48e3,Rn=`legato.controls`,zn=class extends EventTarget{constructor(e,t){super(),this.url=e,this.connection=`connecting`,this.hello=null,this.status=null,this.controls=null,this.loudness=null,this.playing=!1,this.toast=null,this.history=new En,this.asked=new p,this.time=new jn(this),this.pending={},this.flushedAt=-1/0,this.changedAt=-1/0,this.heardAt=0,this.attempts=0,this.wasOpen=!1;let n=t===void 0?{}:{targetSeconds:t,minTargetSeconds:t},r={opened:()=>void 0,closed:()=>this.onClosed(),text:e=>this.onText(e),report:e=>this.onReport(e),problem:e=>this.say(e)};this.player=new u(r,n),this.desk=new hn(this),this.player.connect(e)}steer(e,t){if(!this.controls)return;t!==this.pendingAt&&this.flush(),this.pendingAt=t,this.controls={...this.controls,...e},this.pending={...this.pending,...e};let n=e.notes||t===`now`?null:this.time.boundary;this.asked.note(this.controls,n??this.reachBeat),this.changedAt=performance.now(),this.flushSoon(),sessionStorage.setItem(Rn,JSON.stringify({...this.controls,notes:[]})),this.announce()}play(e){this.steer({notes:e}),this.flush()}async toggle(){this.playing?this.stop():await this.start()}get remote(){return!!this.hello?.device}get heardIndex(){if(!this.remote)return this.player.heardIndex;let e=this.status?.device;return e?e.heard+(e.open?(performance.now()-this.heardAt)/1e3*(this.hello?.sample_rate??0):0):0}get reachBeat(){return this.history.beatAt(this.heardIndex+(this.latency()?.total??0)/1e3*Ln)}async start(){try{this.remote||await this.player.start()}catch(e){this.say(e instanceof Error?e.message:String(e));return}this.playing=!0,this.flush(),this.connection===`open`&&this.begin(),this.announce()}stop(){this.playing=!1,this.desk.takes.end(),this.player.stop(),this.player.send({type:`stop`}),this.announce()}async restart(){if(!this.playing)return this.start();this.flush(),this.connection===`open`&&this.begin()}take(e,t){this.player.send({type:`take`,action:e,name:t})}say(e,t=`error`){this.toast={text:e,kind:t},window.clearTimeout(this.toastTimer),this.toastTimer=window.setTimeout(()=>this.dismiss(),6e3),this.announce()}dismiss(){this.toast=null,this.announce()}latency(){let e=this.player.stats;if(!this.status||!this.playing||!(e||this.remote))return null;let t=[...Object.entries(this.status.latency),[`network`,(this.player.roundTrip??0)/2]];return e&&!this.remote&&t.push([`page buffer`,e.depth/this.player.rate*1e3],[`sound card`,this.player.outputLatency*1e3]),{terms:t,total:t.reduce((e,[,t])=>e+t,0)}}begin(){this.player.send({type:`start`}),this.desk.takes.begin()}flushSoon(){let e=this.flushedAt+Mn-performance.now();e>0?this.flushTimer??=window.setTimeout(()=>this.flush(),e):queueMicrotask(()=>this.flush())}flush(){window.clearTimeout(this.flushTimer),this.flushTimer=void 0,this.connection===`open`&&Object.keys(this.pending).length!==0&&(this.player.send({type:`steer`,...this.pending,quantise:this.pendingAt}),this.flushedAt=performance.now(),this.pending={})}onText(e){let t;try{t=vn(e)}catch(e){return this.say(e instanceof Error?e.message:String(e))}t.type===`hello`?this.onHello(t):t.type===`status`?this.onStatus(t):t.type===`started`?this.onStarted(t.stream):t.type===`scenes`?this.desk.scenes.hear(t.slots):t.type===`take`?this.desk.takes.hear(t):t.type===`stopped`&&this.remote?this.playing=!1:t.type===`error`&&this.onError(t),this.announce()}onHello(e){if(e.protocol!==In){this.say(`The server speaks protocol ${e.protocol}, this page ${In}: reload the page.`);return}this.hello=e,this.player.tune(e.sample_rate),this.player.reset(),this.history.rate=e.sample_rate,this.history.begin(0),this.connection=`open`,this.attempts=0;let t=e.device?null:this.controls??Bn();this.controls={...e.controls,...t},this.desk.follow(this.controls,e),t&&this.player.send({type:`steer`,...this.controls}),this.pending={},this.time.begin(e.quantise.default),e.device?this.playing=!1:this.playing&&this.begin(),this.wasOpen&&this.say(`Connected again.`,`note`),this.wasOpen=!0}onStarted(e){this.history.begin(e),this.asked.begin(),this.desk.forgetPlan(),this.remote&&(this.playing=!0)}onStatus(e){if(this.status=e,this.history.note(e),this.desk.takes.follow(e),this.time.follow(),performance.now()-this.changedAt>Nn&&this.takeOver(e.controls),!e.device)return;let{heard:t,level:n,peak:r,open:i}=e.device;this.heardAt=performance.now(),this.player.ping(),this.onReport({playing:i,stream:e.stream,index:t,peak:[r,r],power:[n**2,n**2]})}trustServer(){this.changedAt=-1/0}takeOver(e){this.controls=e,this.asked.note(e,this.status?.now?.beat??0),this.hello&&this.desk.follow(e,this.hello)}onError({code:e,message:t,step:n}){n!==void 0&&this.time.refused(n),e===`busy`&&(this.connection=`busy`),e===`token`?this.connection=`locked`:(e===`control`&&this.trustServer(),(e!==`take`||this.desk.takes.refused())&&this.say(t))}onReport(e){this.loudness=e,this.history.heard(e)}onClosed(){if(this.connection===`locked`)return;let e=this.connection===`busy`;!e&&this.connection===`open`&&this.say(`Connection lost; trying again.`),e||(this.connection=`lost`),this.status=null,this.desk.takes.lost();let t=e?Fn:Pn[Math.min(this.attempts++,Pn.length-1)];window.setTimeout(()=>this.player.connect(this.url),t),this.announce()}announce(){this.dispatchEvent(new Event(`change`))}};function Bn(){try{return JSON.parse(sessionStorage.getItem(Rn)??`null`)}catch{return null}}var Vn=globalThis,Hn=Vn.ShadowRoot&&(Vn.ShadyCSS===void 0||Vn.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,Un=Symbol(),Wn=new WeakMap,Gn=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==Un)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(Hn&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=Wn.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&Wn.set(t,e))}return e}toString(){return this.cssText}},Kn=e=>new Gn(typeof e==`string`?e:e+``,void 0,Un),O=(e,...t)=>new Gn(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,Un),qn=(e,t)=>{if(Hn)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),r=Vn.litNonce;r!==void 0&&t.setAttribute(`nonce`,r),t.textContent=n.cssText,e.appendChild(t)}},Jn=Hn?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return Kn(t)})(e):e,{is:Yn,defineProperty:Xn,getOwnPropertyDescriptor:Zn,getOwnPropertyNames:Qn,getOwnPropertySymbols:$n,getPrototypeOf:er}=Object,tr=globalThis,nr=tr.trustedTypes,rr=nr?nr.emptyScript:``,ir=tr.reactiveElementPolyfillSupport,k=(e,t)=>e,ar={toAttribute(e,t){switch(t){case Boolean:e=e?rr:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},or=(e,t)=>!Yn(e,t),sr={attribute:!0,type:String,converter:ar,reflect:!1,useDefault:!1,hasChanged:or};Symbol.metadata??=Symbol(`metadata`),tr.litPropertyMetadata??=new WeakMap;var A=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=sr){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&Xn(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=Zn(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??sr}static _$Ei(){if(this.hasOwnProperty(k(`elementProperties`)))return;let e=er(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(k(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(k(`properties`))){let e=this.properties,t=[...Qn(e),...$n(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(Jn(e))}else e!==void 0&&t.push(Jn(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return qn(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?ar:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?ar:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??or)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};A.elementStyles=[],A.shadowRootOptions={mode:`open`},A[k(`elementProperties`)]=new Map,A[k(`finalized`)]=new Map,ir?.({ReactiveElement:A}),(tr.reactiveElementVersions??=[]).push(`2.1.2`);var cr=globalThis,lr=e=>e,ur=cr.trustedTypes,dr=ur?ur.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,fr=`$lit$`,j=`lit$${Math.random().toFixed(9).slice(2)}$`,pr=`?`+j,mr=`<${pr}>`,M=document,N=()=>M.createComment(``),P=e=>e===null||typeof e!=`object`&&typeof e!=`function`,hr=Array.isArray,gr=e=>hr(e)||typeof e?.[Symbol.iterator]==`function`,_r=`[ 	
\f\r]`,F=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,vr=/-->/g,yr=/>/g,I=RegExp(`>|${_r}(?:([^\\s"'>=/]+)(${_r}*=${_r}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),br=/'/g,xr=/"/g,Sr=/^(?:script|style|textarea|title)$/i,Cr=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),L=Cr(1),wr=Cr(2),R=Symbol.for(`lit-noChange`),z=Symbol.for(`lit-nothing`),Tr=new WeakMap,B=M.createTreeWalker(M,129);function Er(e,t){if(!hr(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return dr===void 0?t:dr.createHTML(t)}var Dr=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=F;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===F?c[1]===`!--`?o=vr:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=I):(Sr.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=I):o=yr:o===I?c[0]===`>`?(o=i??F,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?I:c[3]===`"`?xr:br):o===xr||o===br?o=I:o===vr||o===yr?o=F:(o=I,i=void 0);let d=o===I&&e[t+1].startsWith(`/>`)?` `:``;a+=o===F?n+mr:l>=0?(r.push(s),n.slice(0,l)+fr+n.slice(l)+j+d):n+j+(l===-2?t:d)}return[Er(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},Or=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Dr(t,n);if(this.el=e.createElement(l,r),B.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=B.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(fr)){let t=u[o++],n=i.getAttribute(e).split(j),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?jr:r[1]===`?`?Mr:r[1]===`@`?Nr:H}),i.removeAttribute(e)}else e.startsWith(j)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(Sr.test(i.tagName)){let e=i.textContent.split(j),t=e.length-1;if(t>0){i.textContent=ur?ur.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],N()),B.nextNode(),c.push({type:2,index:++a});i.append(e[t],N())}}}else if(i.nodeType===8){if(i.data===pr)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(j,e+1))!==-1;)c.push({type:7,index:a}),e+=j.length-1}}a++}}static createElement(e,t){let n=M.createElement(`template`);return n.innerHTML=e,n}};function V(e,t,n=e,r){if(t===R)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=P(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=V(e,i._$AS(e,t.values),i,r)),t}var kr=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??M).importNode(t,!0);B.currentNode=r;let i=B.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new Ar(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Pr(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=B.nextNode(),a++)}return B.currentNode=M,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},Ar=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=z,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=V(this,e,t),P(e)?e===z||e==null||e===``?(this._$AH!==z&&this._$AR(),this._$AH=z):e!==this._$AH&&e!==R&&this._(e):e._$litType$===void 0?e.nodeType===void 0?gr(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==z&&P(this._$AH)?this._$AA.nextSibling.data=e:this.T(M.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=Or.createElement(Er(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new kr(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=Tr.get(e.strings);return t===void 0&&Tr.set(e.strings,t=new Or(e)),t}k(t){hr(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(N()),this.O(N()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=lr(e).nextSibling;lr(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},H=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=z,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=z}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=V(this,e,t,0),a=!P(e)||e!==this._$AH&&e!==R,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=V(this,r[n+o],t,o),s===R&&(s=this._$AH[o]),a||=!P(s)||s!==this._$AH[o],s===z?e=z:e!==z&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===z?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},jr=class extends H{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===z?void 0:e}},Mr=class extends H{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==z)}},Nr=class extends H{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=V(this,e,t,0)??z)===R)return;let n=this._$AH,r=e===z&&n!==z||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==z&&(n===z||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Pr=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){V(this,e)}},Fr={M:fr,P:j,A:pr,C:1,L:Dr,R:kr,D:gr,V,I:Ar,H,N:Mr,U:Nr,B:jr,F:Pr},Ir=cr.litHtmlPolyfillSupport;Ir?.(Or,Ar),(cr.litHtmlVersions??=[]).push(`3.3.3`);var Lr=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new Ar(t.insertBefore(N(),e),e,void 0,n??{})}return i._$AI(e),i},Rr=globalThis,U=class extends A{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Lr(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return R}};U._$litElement$=!0,U.finalized=!0,Rr.litElementHydrateSupport?.({LitElement:U});var zr=Rr.litElementPolyfillSupport;zr?.({LitElement:U}),(Rr.litElementVersions??=[]).push(`4.2.2`);function W(e,...t){return!e?.honours||t.some(t=>e.honours?.includes(t))}function Br(e,t,n){let r=[...t,...n].filter((t,n,r)=>r.indexOf(t)===n&&W(e,t));return[r[0]??t[0],r[1]??t[1]]}var G=class extends U{constructor(...e){super(...e),this.redraw=()=>this.requestUpdate(),this.watched=null}static{this.properties={session:{attribute:!1}}}get desk(){return this.session.desk}markClass(e){let t=this.session?.desk.midi;return t?.learning?t.waiting===e?`learn waiting`:qe(t.bindings,e)?`learn bound`:`learn`:this.waitClass(e)}waitClass(e){return this.session?.time.waits(e)?`waits`:``}learnLabel(e){let t=this.session?.desk.midi;if(t?.waiting===e)return`move a knob`;let n=t&&qe(t.bindings,e);return n?et(n):`learn`}willUpdate(){this.watched!==this.session&&(this.unwatch(),this.session?.addEventListener(`change`,this.redraw),this.watched=this.session)}connectedCallback(){super.connectedCallback(),this.requestUpdate()}disconnectedCallback(){super.disconnectedCallback(),this.unwatch()}unwatch(){this.watched?.removeEventListener(`change`,this.redraw),this.watched=null}},K=O`
  * {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  h2 {
    margin: 0;
    font: 500 13px/1.3 var(--sans);
    letter-spacing: 0.02em;
    color: var(--dim);
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
    background: none;
    border: 0;
    padding: 0;
  }
  button:disabled {
    cursor: default;
    opacity: 0.45;
  }
  :is(button, input, select, summary, a):focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .chip {
    flex: none;
    height: 28px;
    padding: 0 11px;
    border: 1px solid var(--line);
    border-radius: 99px;
    font-size: 12.5px;
    white-space: nowrap;
    color: var(--dim);
  }
  .chip:hover:not(:disabled) {
    color: var(--text);
    border-color: var(--faint);
  }
  .chip[aria-pressed="true"] {
    color: var(--mine);
    border-color: var(--mine);
    background: var(--mine-soft);
  }
  .head {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
  }
  .head h2 {
    margin-right: auto;
  }
  .segments {
    display: flex;
    padding: 2px;
    border-radius: 99px;
    background: var(--raised);
  }
  .segments button {
    height: 24px;
    padding: 0 11px;
    border-radius: 99px;
    font-size: 12.5px;
    color: var(--dim);
  }
  .segments button:hover {
    color: var(--text);
  }
  .segments button[aria-pressed="true"] {
    background: var(--lifted);
    color: var(--text);
  }
  .waits {
    border-radius: 10px;
    outline: 1.5px dashed var(--mine);
    outline-offset: 3px;
    animation: waits 0.6s ease-in-out infinite alternate;
  }
  @keyframes waits {
    to {
      outline-color: transparent;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .waits {
      animation: none;
    }
  }
  .learn {
    position: relative;
    outline: 1.5px dashed var(--conductor);
    outline-offset: 3px;
    border-radius: 8px;
    cursor: crosshair;
  }
  .learn * {
    cursor: crosshair;
  }
  .learn.bound {
    outline-style: solid;
  }
  .learn.waiting {
    outline: 2px solid var(--mine);
  }
  .learn::after {
    content: attr(data-learn-label);
    position: absolute;
    right: 4px;
    top: -9px;
    z-index: 3;
    padding: 1px 6px;
    border-radius: 5px;
    background: var(--conductor-fill);
    color: var(--on-conductor);
    font: 500 11px/1.3 var(--sans);
    white-space: nowrap;
    pointer-events: none;
  }
  .learn.waiting::after {
    background: var(--mine-fill);
    color: var(--on-mine);
  }
  .field {
    height: 38px;
    min-width: 0;
    padding: 0 12px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--raised);
    font-size: 14px;
  }
  .field.mine {
    border-color: var(--mine);
    color: var(--mine);
  }
  select.field {
    appearance: none;
    padding-right: 28px;
    background: var(--raised)
      url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='10' height='6'%3E%3Cpath d='M1 1l4 4 4-4' fill='none' stroke='%238a93a2' stroke-width='1.5'/%3E%3C/svg%3E")
      no-repeat right 11px center;
  }
  select.field option {
    background: var(--raised);
    color: var(--text);
  }
  .quiet {
    font-size: 12px;
    color: var(--dim);
  }
  .release {
    flex: none;
    width: 24px;
    height: 24px;
    border-radius: 50%;
    color: var(--mine);
    font-size: 15px;
    line-height: 1;
  }
  .release:hover {
    background: var(--mine-soft);
  }
  .release[hidden] {
    display: block;
    visibility: hidden;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
`,Vr=class extends U{static{this.properties={label:{},value:{attribute:!1},planned:{attribute:!1},low:{type:Number},high:{type:Number},step:{type:Number},digits:{type:Number},neutral:{type:Number},initial:{type:Number},ends:{attribute:!1}}}constructor(){super(),this.typing=null,this.value=this.planned=this.ends=this.initial=null,this.low=0,this.high=1,this.step=.01,this.digits=2,this.neutral=.5}static{this.styles=[K,O`
      .head {
        display: flex;
        align-items: center;
        gap: 4px;
        height: 28px;
      }
      label {
        flex: 1;
        font-size: 14px;
        white-space: nowrap;
      }
      .number {
        width: 46px;
        padding: 2px 4px 2px 0;
        border: 1px solid transparent;
        border-radius: 6px;
        background: none;
        text-align: right;
        font-size: 14px;
        font-variant-numeric: tabular-nums;
        color: var(--conductor);
      }
      .number:hover,
      .number:focus {
        border-color: var(--line);
        background: var(--raised);
      }
      .held .number {
        color: var(--mine);
      }
      .unknown .number {
        color: var(--dim);
      }
      .ends {
        display: flex;
        justify-content: space-between;
        margin-top: -2px;
        font-size: 11.5px;
        color: var(--faint);
      }
      input[type="range"] {
        --colour: var(--conductor);
        appearance: none;
        width: 100%;
        height: 26px;
        margin: 0;
        background: none;
        cursor: pointer;
        touch-action: pan-y;
      }
      .held input[type="range"] {
        --colour: var(--mine-fill);
      }
      .unknown input[type="range"] {
        --colour: var(--line);
      }
      input[type="range"]::-webkit-slider-runnable-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--colour) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-moz-range-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--colour) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-webkit-slider-thumb {
        appearance: none;
        width: 18px;
        height: 18px;
        margin-top: -7px;
        border-radius: 50%;
        border: 2px solid var(--colour);
        background: var(--surface);
        transition: transform 0.12s;
      }
      input[type="range"]::-moz-range-thumb {
        width: 14px;
        height: 14px;
        border-radius: 50%;
        border: 2px solid var(--colour);
        background: var(--surface);
      }
      .held input[type="range"]::-webkit-slider-thumb {
        background: var(--mine-fill);
      }
      .held input[type="range"]::-moz-range-thumb {
        background: var(--mine-fill);
      }
      .unknown input[type="range"]::-webkit-slider-thumb {
        border-color: var(--faint);
      }
      input[type="range"]:active::-webkit-slider-thumb {
        transform: scale(1.2);
      }
    `]}render(){let e=this.value!==null,t=this.value??this.planned,n=t??this.neutral,r=`${100*(n-this.low)/(this.high-this.low)}%`;return L`
      <div class=${e?`held`:t===null?`unknown`:`planned`}>
        <div class="head">
          <label for="slider">${this.label}</label>
          <slot></slot>
          <input
            class="number"
            inputmode="decimal"
            aria-label="${this.label}, as a number"
            .value=${this.typing??(t===null?`open`:t.toFixed(this.digits))}
            @input=${e=>this.typing=e.target.value}
            @change=${this.typed}
            @blur=${()=>this.stopTyping()}
            @focus=${e=>e.target.select()}
          />
          ${this.initial===null?L`<button
                class="release"
                ?hidden=${!e}
                title="Let go of ${this.label.toLowerCase()}"
                aria-label="Let go of ${this.label.toLowerCase()}"
                @click=${()=>this.give(null)}
              >
                ×
              </button>`:null}
        </div>
        <input
          id="slider"
          type="range"
          min=${this.low}
          max=${this.high}
          step=${this.step}
          style="--fill: ${r}"
          .value=${String(n)}
          aria-valuetext=${t===null?`open`:`${t.toFixed(this.digits)}${e?``:`, open`}`}
          @input=${e=>this.give(Number(e.target.value))}
          @dblclick=${()=>this.give(this.initial)}
          @keydown=${this.key}
        />
        ${this.ends?L`<div class="ends"><span>${this.ends[0]}</span><span>${this.ends[1]}</span></div>`:null}
      </div>
    `}key(e){(e.key===`Delete`||e.key===`Backspace`)&&this.give(this.initial)}typed(e){let t=e.target,n=t.value.trim().replace(`,`,`.`),r=Number(n);n===``||n===`open`?this.give(this.initial):Number.isFinite(r)&&n!==``&&this.give(Math.min(this.high,Math.max(this.low,r))),this.stopTyping(),t.value=(this.value??this.planned)?.toFixed(this.digits)??`open`}stopTyping(){this.typing=null,this.requestUpdate()}give(e){this.dispatchEvent(new CustomEvent(`pick`,{detail:e}))}};customElements.define(`legato-fader`,Vr);var Hr={wait:`waiting for the chunk`,compute:`computing it`},Ur=e=>`${e<10?e.toFixed(1):e.toFixed(0)} ms`,Wr=class extends G{static{this.styles=[K,O`
      summary {
        width: fit-content;
        padding: 6px 2px;
        font-size: 14px;
        color: var(--dim);
        cursor: pointer;
      }
      summary:hover {
        color: var(--text);
      }
      .inside {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(240px, 1fr));
        gap: 24px 48px;
        padding: 14px 0 8px;
      }
      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        align-content: start;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 8px;
        font-size: 14px;
      }
      .line > span {
        flex: 1;
      }
      .seed {
        width: 128px;
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      .dice {
        padding: 8px 12px;
        border: 1px solid var(--line);
        border-radius: 10px;
        font-size: 13px;
        color: var(--dim);
      }
      .dice:hover {
        color: var(--text);
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 13px;
        font-variant-numeric: tabular-nums;
      }
      caption {
        padding-bottom: 6px;
        text-align: left;
        color: var(--dim);
      }
      th {
        padding: 4px 0;
        text-align: left;
        font-weight: 400;
      }
      td {
        text-align: right;
      }
      tr + tr > * {
        border-top: 1px solid var(--line);
      }
    `]}render(){let e=this.session?.hello,t=this.session?.controls;return!e||!t?null:L`<details>
      <summary>Advanced</summary>
      <div class="inside">
        <div class="stack">
          ${W(e,`guidance`)?this.fader(`guidance`,`Guidance`,[`loose`,`strict`],t,e):null}
          ${this.fader(`temperature`,`Temperature`,[`calm`,`wild`],t,e)}
        </div>
        <div class="stack">${this.seed(t,e)} ${this.steps(t,e)}</div>
        ${this.latency()} ${this.counters()}
      </div>
    </details>`}fader(e,t,n,r,i){let[a,o]=i.ranges[e];return L`<legato-fader
      .label=${t}
      .value=${r[e]}
      .low=${a}
      .high=${o}
      .step=${.05}
      .initial=${i.controls[e]}
      .ends=${n}
      class=${this.markClass(e)}
      data-learn=${e}
      data-learn-label=${this.learnLabel(e)}
      @pick=${t=>this.desk.change({[e]:t.detail})}
    ></legato-fader>`}seed(e,t){let n=e=>this.desk.change({seed:e});return L`<div class="line">
      <span>Seed</span>
      <input
        class="field seed"
        inputmode="numeric"
        aria-label="Seed"
        .value=${String(e.seed)}
        @change=${e=>n(Number(e.target.value))}
      />
      <button class="dice" @click=${()=>n(Math.floor(Math.random()*t.limits.seed))}>Roll</button>
    </div>`}steps(e,t){return L`<div class="line">
      <span>Steps per chunk</span>
      <select class="field" aria-label="Steps per chunk" @change=${e=>this.desk.change({steps:Number(e.target.value)})}>
        ${t.steps.map(t=>L`<option value=${t} .selected=${t===e.steps}>${t}</option>`)}
      </select>
    </div>`}latency(){let e=this.session.latency();return L`<table>
      <caption>
        Gesture to sound
      </caption>
      <tbody>
        ${e?[...e.terms,[`in all`,e.total]].map(([e,t])=>L`<tr><th scope="row">${Hr[e]??e}</th><td>${Ur(t)}</td></tr>`):L`<tr><th scope="row">starts with the sound</th><td></td></tr>`}
      </tbody>
    </table>`}counters(){let e=this.session.player.stats,t=this.session.status;return L`<table>
      <caption>
        Stream
      </caption>
      <tbody>
        ${[[`frames played`,(e?.played??0).toLocaleString(`en`)],[`frames lost`,(e?.lost??0).toLocaleString(`en`)],[`underruns, page / engine`,`${e?.underruns??0} / ${t?.underruns??0}`],[`dropped by the server`,String(t?.dropped??0)],[`clock of the stream`,Gr(e?.speed??1)],[`buffer wanted`,Ur((e?.target??0)/this.session.player.rate*1e3)]].map(([e,t])=>L`<tr><th scope="row">${e}</th><td>${t}</td></tr>`)}
      </tbody>
    </table>`}};function Gr(e){return e===1?`the sound card's`:`${e>1?`+`:`−`}${Math.abs((e-1)*1e6).toFixed(0)} ppm`}customElements.define(`legato-advanced`,Wr);var Kr={drums:`Drums`,bass:`Bass`,chords:`Chords`,lead:`Lead`},qr=class extends G{static{this.styles=[K,O`
      .families {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 8px;
        margin-top: 10px;
      }
      .family {
        position: relative;
      }
      .family.learn {
        outline-offset: 0;
        border-radius: 12px;
      }
      .pad {
        display: grid;
        align-content: space-between;
        width: 100%;
        height: 76px;
        padding: 10px 13px;
        border-radius: 12px;
        background: var(--raised);
        text-align: left;
        font-size: 15px;
      }
      .pad:hover {
        background: var(--lifted);
      }
      .pad small {
        font-size: 12.5px;
        color: var(--dim);
      }
      .pad.sounding {
        box-shadow: inset 0 0 0 1.5px var(--conductor);
      }
      .pad.sounding small {
        color: var(--conductor);
      }
      .pad.held.sounding {
        background: var(--mine-fill);
        color: var(--on-mine);
        box-shadow: none;
      }
      .pad.held small {
        color: var(--mine);
      }
      .pad.held.sounding small {
        color: var(--on-mine-dim);
      }
      .pad.held:not(.sounding) {
        box-shadow: inset 0 0 0 1.5px var(--mine);
        color: var(--dim);
      }
      .family .release {
        position: absolute;
        top: 8px;
        right: 8px;
      }
      .family .sounding + .release {
        color: var(--on-mine);
      }
      .solo {
        position: absolute;
        right: 8px;
        bottom: 8px;
        height: 24px;
        padding: 0 9px;
        border-radius: 99px;
        border: 1px solid var(--line);
        font-size: 11.5px;
        color: var(--dim);
      }
      .solo:hover {
        color: var(--text);
        border-color: var(--faint);
      }
      .sounding.held ~ .solo {
        border-color: #0003;
        color: var(--on-mine-dim);
      }
      .solo[aria-pressed="true"],
      .sounding.held ~ .solo[aria-pressed="true"] {
        background: var(--on-mine);
        border-color: transparent;
        color: #ffb454;
      }
    `]}render(){let{controls:e,hello:t}=this.session??{};if(!e)return L`<div class="head"><h2>Band</h2></div>`;let{history:n,heardIndex:r}=this.session,i=n.barAt(n.beatAt(r))??n.bars[0]??null;return L`
      <div class="head"><h2>Band</h2></div>
      <div class="families">${S.filter(e=>W(t,e)).map(t=>this.family(t,e,i))}</div>
    `}family(e,t,n){let r=t[e],i=t.conductor===`on`&&n?n.gates[e]:null,a=r??i??!1,o=r===null?i===null?`open`:i?`playing`:`resting`:r?`on`:`off`,s=this.desk.soloed.includes(e);return L`<div class="family ${this.markClass(e)}" data-learn=${e} data-learn-label=${this.learnLabel(e)}>
      <button
        class="pad ${r===null?``:`held`} ${a?`sounding`:``}"
        aria-label="${Kr[e]}: ${o}"
        @click=${()=>this.desk.change({[e]:!(r??i??!0)})}
      >
        <span>${Kr[e]}</span><small>${o}</small>
      </button>
      <button
        class="release"
        ?hidden=${r===null}
        aria-label="Let go of ${e}"
        title="Let go of ${e}"
        @click=${()=>this.desk.change({[e]:null})}
      >
        ×
      </button>
      <button class="solo" aria-pressed=${s} aria-label="Solo ${e}" title="Solo ${e}" @click=${()=>this.desk.toggleSolo(e)}>solo</button>
    </div>`}};customElements.define(`legato-band`,qr);var Jr=[`I`,`II`,`III`,`IV`,`V`,`VI`,`VII`],Yr=class extends G{static{this.properties={...G.properties,variant:{state:!0}}}constructor(){super(),this.variant=`7th`}static{this.styles=[K,O`
      :host {
        display: flex;
        flex-direction: column;
        container-type: inline-size;
      }
      .head .release {
        margin-left: -4px;
      }
      .chord {
        width: 92px;
        height: 30px;
      }
      .pads {
        display: grid;
        grid-template-columns: repeat(7, minmax(0, 1fr));
        flex: 1;
        gap: 6px;
        margin-top: 10px;
      }
      .pads + .pads {
        margin-top: 6px;
      }
      .pads button {
        display: grid;
        align-content: center;
        gap: 1px;
        min-height: 56px;
        border-radius: 10px;
        background: var(--raised);
        font: 19px/1.2 var(--score);
        overflow: hidden;
        touch-action: manipulation;
      }
      .pads button.long {
        font-size: 14px;
      }
      .pads small {
        font: 10.5px/1.2 var(--sans);
        color: var(--faint);
      }
      .pads button:hover {
        background: var(--lifted);
      }
      .pads button.sounding {
        box-shadow: inset 0 0 0 1.5px var(--conductor);
        color: var(--conductor);
      }
      .pads button[aria-pressed="true"] {
        background: var(--mine-fill);
        color: var(--on-mine);
        box-shadow: none;
      }
      .pads [aria-pressed="true"] small {
        color: var(--on-mine-dim);
      }
      @container (max-width: 400px) {
        .head {
          flex-wrap: wrap;
        }
        .head h2 {
          flex-basis: 100%;
        }
        .segments {
          flex: 1;
        }
        .segments button {
          flex: 1;
          padding: 0 4px;
        }
        .pads {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
    `]}render(){let e=this.session?.hello,t=this.session?.controls;if(!e||!t)return null;let{history:n,heardIndex:r}=this.session,i=t.key??n.nowAt(r)?.key??`C major`,a=n.chordAt(n.beatAt(r)),o=e=>this.desk.change({chord:e}),s=(e,n)=>L`<button
        aria-pressed=${t.chord===e}
        class="${a===e?`sounding`:``} ${e.length>4?`long`:``} ${t.chord===e?this.waitClass(`chord`):``}"
        @click=${()=>o(t.chord===e?null:e)}
      >
        ${T(e,i)}${n?L`<small>${n}</small>`:null}
      </button>`;return L`
      <div class="head">
        <h2>Chords</h2>
        <div class="segments" role="group" aria-label="Kind of chord in the second row">
          ${ct.map(e=>L`<button aria-pressed=${this.variant===e} @click=${()=>this.variant=e}>${e}</button>`)}
        </div>
        <input
          class="field chord ${t.chord?`mine`:``}"
          aria-label="Chord by name; Enter applies"
          placeholder="open"
          .value=${t.chord??``}
          @change=${e=>o(e.target.value.trim()||null)}
        />
        <button class="release" ?hidden=${!t.chord} aria-label="Let go of the chord" title="Let go of the chord" @click=${()=>o(null)}>×</button>
      </div>
      <div class="pads" role="group" aria-label="Chords of ${i}">
        ${ut(i,e,`triad`).map((e,t)=>s(e,Xr(e,t)))}
      </div>
      <div class="pads" role="group" aria-label="Chords of ${i}: ${this.variant}">
        ${ut(i,e,this.variant).map(e=>e?s(e,``):L`<span></span>`)}
      </div>
    `}};function Xr(e,t){let n=Jr[t]??``;return/^[A-G][#b]?(m|dim)/.test(e)?n.toLowerCase():n}customElements.define(`legato-chords`,Yr);var Zr=class extends U{constructor(...e){super(...e),this.enter=e=>{e.preventDefault();let t=new URL(location.href);t.searchParams.set(`token`,this.renderRoot.querySelector(`input`)?.value??``),location.assign(t)}}static{this.styles=[K,O`
      dialog {
        width: min(440px, calc(100vw - 32px));
        padding: 26px 28px 24px;
        border: 1px solid var(--line);
        border-radius: 18px;
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: color-mix(in srgb, var(--ink) 72%, transparent);
        backdrop-filter: blur(3px);
      }
      h2 {
        margin-bottom: 10px;
        font: italic 25px/1.2 var(--score);
        color: var(--text);
      }
      p {
        margin: 0 0 18px;
        font-size: 14px;
        line-height: 1.5;
        color: var(--dim);
      }
      form {
        display: flex;
        gap: 8px;
      }
      .field {
        flex: 1;
        height: 44px;
      }
      button {
        height: 44px;
        padding: 0 20px;
        border-radius: 10px;
        background: var(--mine-fill);
        color: var(--on-mine);
        font-weight: 500;
      }
    `]}render(){return L`<dialog aria-labelledby="title" @cancel=${e=>e.preventDefault()}>
      <h2 id="title">This server asks for its token</h2>
      <p>
        It was started anew, or lets others in now. Open the address ending in ?token=… that it printed, or enter what stands behind the sign of equality: the page
        comes back as you left it.
      </p>
      <form @submit=${this.enter}>
        <input class="field" aria-label="Token" type="password" autocomplete="current-password" required autofocus />
        <button>Open</button>
      </form>
    </dialog>`}firstUpdated(){this.renderRoot.querySelector(`dialog`)?.showModal()}};customElements.define(`legato-door`,Zr);var Qr=28,$r=new Set,ei=!0;function ti(e){return $r.add(e),ei&&requestAnimationFrame(ni),ei=!1,()=>$r.delete(e)}function ni(){ei=$r.size===0,ei||setTimeout(()=>requestAnimationFrame(ni),Qr);for(let e of $r)try{e()}catch(e){reportError(e)}}var ri=`"Iowan Old Style", Palatino, "Book Antiqua", Georgia, "Times New Roman", serif`,q=(e,t)=>e.nowX+(t-e.beat)*e.perBeat;function ii(e,t){let n=20*Math.log10(Math.max(t,1e-5));return Math.max(0,(n+50)/50)*e.height*.3}function ai(e){let t=getComputedStyle(e),n=e=>{let n=t.getPropertyValue(e).trim();return[1,3,5].map(e=>parseInt(n.slice(e,e+2),16)).join(`, `)};return{mine:n(`--mine-fill`),onMine:n(`--on-mine`),conductor:n(`--conductor-fill`),text:n(`--text`),faint:n(`--faint`),ground:n(`--ink`),hot:n(`--hot`)}}function oi(e,t,n){let r=n.map(e=>({x:q(t,e.beat),y:ii(t,e.level),p:ii(t,e.peak)})).filter(e=>e.x>-20&&e.x<=t.nowX+2),i=r.at(-1);if(!(r.length<2||!i)){i.x>t.nowX-t.perBeat&&r.push({...i,x:t.nowX});for(let[n,i]of[[`p`,.22],[`y`,.8]]){let a=e.createLinearGradient(0,0,t.nowX,0);a.addColorStop(0,`rgba(${t.colours.mine}, 0)`),a.addColorStop(.55,`rgba(${t.colours.mine}, ${.35*i})`),a.addColorStop(1,`rgba(${t.colours.mine}, ${i})`),e.fillStyle=a,e.beginPath();for(let i of r)e.lineTo(i.x,t.middle-i[n]-.75);for(let i of r.toReversed())e.lineTo(i.x,t.middle+i[n]+.75);e.fill()}}}function si(e,t,n){if(n.length===0)return;let r=e.createLinearGradient(t.nowX,0,t.width,0);r.addColorStop(0,`rgba(${t.colours.conductor}, 0.2)`),r.addColorStop(1,`rgba(${t.colours.conductor}, 0.03)`),e.fillStyle=r;for(let r of n){let n=Math.max(t.nowX,q(t,r.start_beat)),i=q(t,r.start_beat+r.beats)-2,a=t.height*(.03+.16*r.loudness);i<=n||(e.beginPath(),e.roundRect(n,t.middle-a,i-n,2*a,5),e.fill())}}function ci(e,t,n,r){let i=q(t,n.start_beat),a=i<t.nowX-1?.4:1;e.fillStyle=`rgba(${t.colours.text}, ${.12*a})`,e.fillRect(i-.5,46,1,t.height-46),li(e,t,n),e.font=`21px ${ri}`;let o=-1/0;for(let[i,s]of n.chords){let c=q(t,n.start_beat+i)+7;c<o||(e.fillStyle=`rgba(${t.colours.text}, ${a})`,e.fillText(r(s,n.key),c,46),o=c+e.measureText(r(s,n.key)).width+6)}}function li(e,t,n){let r=q(t,n.start_beat)+2,i=n.beats*t.perBeat-4,a=r+i<t.nowX;S.forEach((o,s)=>{e.fillStyle=n.gates[o]?`rgba(${t.colours.conductor}, ${a?.3:.8})`:`rgba(${t.colours.text}, 0.05)`,e.fillRect(r,t.height-24+s*6,i,3)})}function ui(e,t,n){e.font=`italic 17px ${ri}`;let r=n.filter((e,t)=>e.section!==n[t-1]?.section);r.forEach((n,i)=>{let a=r[i+1],o=(a?q(t,a.start_beat):t.width)-e.measureText(n.section).width-12,s=Math.min(Math.max(q(t,n.start_beat)+7,16),o);e.fillStyle=`rgba(${t.colours.conductor}, ${s<t.nowX?.6:.95})`,e.fillText(n.section,s,18)})}function di(e,t,n,r){let i=q(t,n);if(i<t.nowX-2||i>t.width)return;let a=t.height-24-8;e.fillStyle=`rgb(${t.colours.mine})`;for(let t=56;t<a;t+=9)e.fillRect(i-1,t,2,5);e.beginPath(),e.arc(i,54,4,0,2*Math.PI),e.fill(),e.font=`500 12px system-ui, sans-serif`;let o=r.length>44?`${r.slice(0,43)}…`:r,s=e.measureText(o).width+14,c=Math.max(4,Math.min(i,t.width-s-4));e.beginPath(),e.roundRect(c,a-18,s,20,6),e.fill(),e.fillStyle=`rgb(${t.colours.onMine})`,e.fillText(o,c+7,a-4)}function fi(e,t){e.font=`italic 17px ${ri}`,e.fillStyle=`rgb(${t.colours.faint})`;let n=t.width>640;e.textAlign=`right`,e.fillText(n?`what you heard`:`heard`,t.nowX-22,t.middle+6),e.textAlign=`left`,e.fillText(n?`what comes next`:`to come`,t.nowX+22,t.middle+6)}function pi(e,t,n,r){if(n&&!r){let n=1-(t.beat-Math.floor(t.beat)),r=e.createLinearGradient(t.nowX-40,0,t.nowX+40,0);r.addColorStop(0,`rgba(${t.colours.mine}, 0)`),r.addColorStop(.5,`rgba(${t.colours.mine}, ${.05+.2*n*n})`),r.addColorStop(1,`rgba(${t.colours.mine}, 0)`),e.fillStyle=r,e.fillRect(t.nowX-40,24,80,t.height-24-24)}e.fillStyle=n?`rgb(${t.colours.mine})`:`rgb(${t.colours.faint})`,e.fillRect(t.nowX-1,24,2,t.height-24-24)}var J=e=>L`<svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    ${e.map(e=>wr`<path d=${e} />`)}
  </svg>`,Y=(e,t)=>`M${e} ${t}h.01`,X={undo:J([`M4 9h10a5.5 5.5 0 0 1 0 11h-3`,`M8 5 4 9l4 4`]),redo:J([`M20 9H10a5.5 5.5 0 0 0 0 11h3`,`m16 5 4 4-4 4`]),dice:J([`M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z`,Y(8.5,8.5),Y(15.5,8.5),Y(12,12),Y(8.5,15.5),Y(15.5,15.5)]),midi:J([`M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z`,Y(7.5,12),Y(8.8,8.8),Y(15.2,8.8),Y(16.5,12),Y(12,7.5),`M10 20.5v-2h4v2`]),theme:J([`M12 4a8 8 0 1 0 0 16V4Z`,`M12 4a8 8 0 0 1 0 16`]),help:J([`M9.2 9.2a2.9 2.9 0 1 1 4.3 2.5c-.9.5-1.5 1.2-1.5 2.3`,Y(12,17.5),`M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z`]),fold:J([`m6 14.5 6-6 6 6`]),lock:J([`M6.5 11h11v9h-11Z`,`M8.5 11V8a3.5 3.5 0 0 1 7 0v3`]),unlock:J([`M6.5 11h11v9h-11Z`,`M8.5 11V7.5a3.5 3.5 0 0 1 6.800-1`]),restart:J([`M5 5v14`,`M19 6v12l-9-6 9-6Z`]),panic:J([`M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7l5-5Z`,`M12 8v5`,Y(12,16)]),mark:J([`M6 21V4h12l-3 4.5 3 4.5H6`]),keep:J([`M4.5 12a7.5 7.5 0 1 0 2.400-5.5`,`M4.5 3.5v4h4`,`M12 8v4.5l2.5 1.5`])},mi=440,hi=18,gi=e=>mi*2**((e-69)/12),_i=class{constructor(e,t,n,r=72){this.rows=Array.from({length:180},(i,a)=>{let o=28+(a+.5)/2,s=o<r,c=e/(s?t:n),l=.5/2,u=hi*Math.max(0,(o-69)/12);return{fine:s,from:gi(o-l)/c,to:gi(o+l)/c,tilt:u}})}read(e,t,n){this.rows.forEach((r,i)=>{let a=vi(r.fine?e:t,r.from,r.to);n[i]=a===0?0:Math.min(255,a+r.tilt)})}};function vi(e,t,n){let[r,i]=[Math.ceil(t),Math.floor(n)];if(r>i){let r=(t+n)/2,i=Math.floor(r),[a,o]=[e[i]??0,e[i+1]??0];return a+(o-a)*(r-i)}let a=0;for(let t=r;t<=i;t++)a=Math.max(a,e[t]??0);return a}var yi=class{constructor(){this.end=-1,this.levels=new Uint8Array(103680)}clear(){this.end=-1,this.levels.fill(0)}put(e,t){let n=Math.floor(e*24),r=this.end>=0&&n>=this.end-1&&n-this.end<24;r||this.clear();let i=r?Math.min(this.end,n):Math.max(0,n);for(let e=i;e<=n;e++)this.levels.set(t,e%576*180);return this.end=Math.max(this.end,n+1),i}column(e){let t=e%576*180;return this.levels.subarray(t,t+180)}},bi=60,[xi,Si]=[36,84],Ci=.22;function wi(e){return{top:bi,height:e.height-24-10-bi}}function Ti({top:e,height:t},n){return e+t*(1-(n+.5-28)/90)}function Ei(e,t,{top:n,height:r}){let i=e.createLinearGradient(0,0,t.width*Ci,0);i.addColorStop(0,`rgba(0, 0, 0, 1)`),i.addColorStop(1,`rgba(0, 0, 0, 0)`),e.globalCompositeOperation=`destination-out`,e.fillStyle=i,e.fillRect(0,n,t.width*Ci,r),e.globalCompositeOperation=`source-over`}function Di(e,t,{top:n,height:r}){let i=Math.ceil(t.beat-t.nowX/t.perBeat),a=t.beat+(t.width-t.nowX)/t.perBeat;e.fillStyle=`rgba(${t.colours.text}, 0.045)`;for(let o=Math.max(0,i);o<=a;o++)e.fillRect(q(t,o)-.5,n,1,r);for(let i=36;i<=96;i+=12){let a=Ti({top:n,height:r},i);e.fillStyle=`rgba(${t.colours.text}, 0.06)`,e.fillRect(0,a,t.width,1)}}function Oi(e,t,n){e.font=`10.5px system-ui, sans-serif`;for(let r=36;r<=96;r+=12){let i=Ti(n,r);e.fillStyle=`rgba(${t.colours.ground}, 0.85)`,e.fillRect(t.width-30,i-6,24,12),e.fillStyle=`rgb(${t.colours.faint})`,e.fillText(`C${r/12-1}`,t.width-25,i+3.5)}}function ki(e,t,n,r,i){let a=q(t,r.from)+1,o=Math.min(t.width+10,q(t,r.to)-3);if(o<0||a>t.width||o<=a)return;let s=Math.min(o,t.nowX)-a;r.what.forEach((r,c)=>{for(let l=r+12*Math.ceil((xi-r)/12);l<=Si;l+=12){let r=c===0?3:2,u=Ti(n,l)-r/2,d=(c===0?.8:.5)*(1-.35*Math.abs(l-60)/24);e.fillStyle=`rgba(${i?t.colours.mine:t.colours.conductor}, ${d})`,o>t.nowX&&e.fillRect(Math.max(a,t.nowX),u,o-Math.max(a,t.nowX),r),e.fillStyle=`rgba(${t.colours.text}, ${.34*d})`,s>0&&e.fillRect(a,u,s,r)}})}function Ai(e,t,n,r){let i=q(t,r.from),a=q(t,Math.min(r.to,Math.max(t.beat,r.from)+.5));if(a<0||i>t.width)return;let o=Ti(n,r.what);e.beginPath(),e.roundRect(i,o-3.5,Math.max(4,a-i),7,3.5),e.fillStyle=`rgb(${t.colours.mine})`,e.strokeStyle=`rgb(${t.colours.ground})`,e.lineWidth=1.5,e.fill(),e.stroke()}var ji=a.FINE/2,Mi=.12,Ni=class{constructor(){this.waterfall=new yi,this.levels=new Uint8Array(180),this.canvas=document.createElement(`canvas`),this.pixels=new ImageData(1,180),this.palette=new Uint8ClampedArray(1024),this.tap=null,this.spectrum=null,this.canvas.width=576,this.canvas.height=180,this.context=this.canvas.getContext(`2d`)}get empty(){return this.waterfall.end<0}open(e){return this.tap&&!e.hears(this.tap)&&(this.tap=null),this.tap??=e.tap(),this.tap&&(this.spectrum??=new _i(e.cardRate,a.FINE,a.QUICK)),this.tap!==null}close(){this.tap?.close(),this.tap=null,this.clear()}clear(){this.waterfall.clear(),this.context?.clearRect(0,0,576,180)}colour({warm:e,hot:t}){for(let n=0;n<256;n++){let r=Math.max(0,n/255-Mi)/.88,i=Math.max(0,r-.55)/.45;for(let r=0;r<3;r++)this.palette[4*n+r]=(e[r]??0)+((t[r]??0)-(e[r]??0))*i;this.palette[4*n+3]=255*Math.min(1,1.15*r**1.3)}let{end:n}=this.waterfall;for(let e=Math.max(0,n-576);e<n;e++)this.paint(e)}put(e){if(!this.tap||!this.spectrum||e<0)return;this.tap.listen(),this.spectrum.read(this.tap.fine,this.tap.quick,this.levels);let{end:t}=this.waterfall,n=this.waterfall.put(e,this.levels);n!==t&&n!==t-1&&this.context?.clearRect(0,0,576,180);for(let e=n;e<this.waterfall.end;e++)this.paint(e)}draw(e,t,n,r,i,a){let o=Math.min(this.waterfall.end,Math.ceil(t*24)),s=Math.max(0,this.waterfall.end-576,o-Math.ceil(n/r*24)),c=e=>n+(e/24-t)*r;for(let t=s;t<o;){let n=t%576,s=Math.min(o-t,576-n);e.drawImage(this.canvas,n,0,s,180,c(t),i,s/24*r,a),t+=s}}paint(e){let t=this.waterfall.column(e),{data:n}=this.pixels;for(let e=0;e<180;e++){let r=4*(t[e]??0),i=4*(179-e);for(let e=0;e<4;e++)n[i+e]=this.palette[r+e]??0}this.context?.putImageData(this.pixels,e%576,0)}},Pi=.54,Fi=30,Ii=14,Li=640,Ri=8,zi=15,Bi=`legato.horizon`,Vi=window.matchMedia(`(prefers-reduced-motion: reduce)`),Hi=class extends G{static{this.properties={...G.properties,open:{type:Boolean,reflect:!0}}}constructor(){super(),this.still=()=>void 0,this.shownBeat=0,this.waited=0,this.colours=null,this.heardStream=0,this.seen=!0,this.watch=new IntersectionObserver(e=>{this.seen=e.at(-1)?.isIntersecting??!0}),this.waterfall=new Ni,this.recolour=()=>{this.colours=null},this.open=localStorage.getItem(Bi)!==`folded`}static{this.styles=[K,O`
      :host {
        position: relative;
        height: clamp(150px, 21vh, 240px);
      }
      :host([open]) {
        height: clamp(230px, 31vh, 380px);
      }
      canvas {
        width: 100%;
        height: 100%;
        display: block;
      }
      button {
        position: absolute;
        right: clamp(8px, 3vw, 40px);
        top: 0;
        display: grid;
        place-items: center;
        width: 32px;
        height: 32px;
        border-radius: 50%;
        color: var(--faint);
      }
      button:hover {
        background: var(--raised);
        color: var(--text);
      }
      button svg {
        transform: rotate(180deg);
      }
      :host([open]) button svg {
        transform: none;
      }
    `]}connectedCallback(){super.connectedCallback(),this.still=ti(()=>this.draw()),window.addEventListener(`legato-theme`,this.recolour),this.watch.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.still(),this.watch.disconnect(),this.waterfall.close(),window.removeEventListener(`legato-theme`,this.recolour)}render(){let e=this.open?`Fold the spectrum and notes away`:`Show the spectrum and notes`;return L`<canvas role="img" 
        aria-label=${this.describe()}
        title=${this.open?`Left: what was heard, by pitch. Right: the plan. Strings: the tones asked for; amber: what you hold. Lines below: drums, bass, chords, lead.`:`Left: what was heard. Right: the plan. Lines below: drums, bass, chords, lead.`}
      ></canvas>
      <button aria-expanded=${this.open} aria-label=${e} title="${e} (V)" @click=${()=>this.fold()}>${X.fold}</button>`}fold(){this.open=!this.open,localStorage.setItem(Bi,this.open?`open`:`folded`),this.open||this.waterfall.close()}describe(){let e=this.session?.history.beatAt(this.session.heardIndex)??0,t=this.session?.history.bars.filter(t=>t.start_beat>=e).slice(0,4)??[];return t.length===0?`Timeline of what was heard and what is planned`:`Next bars: ${t.map(e=>`${e.section}: ${e.chords.map(([,e])=>e).join(`, `)}`).join(`; `)}`}draw(){if(!this.session)return;let{playing:e}=this.session;this.open&&e&&!this.session.remote&&this.listen();let t=e?Vi.matches?zi:1:Ri;if(this.waited++%t!==0||!this.seen)return;let n=this.renderRoot.querySelector(`canvas`),r=n?.getContext(`2d`);if(!n||!r)return;let{width:i,height:a}=Wi(n,r);r.clearRect(0,0,i,a);let o=this.view(i,a);this.open&&this.paintOpen(r,o),this.paint(r,o)}listen(){let{history:e,heardIndex:t,player:n}=this.session,{stats:r}=n;r?.playing&&this.waterfall.open(n)&&(r.stream!==this.heardStream&&this.waterfall.clear(),this.heardStream=r.stream,this.waterfall.put(e.beatAt(t+n.outputLatency*48e3-ji)))}view(e,t){let{history:n,heardIndex:r,playing:i}=this.session,a=i?n.beatAt(r):this.shownBeat;this.shownBeat=Math.abs(a-this.shownBeat)<1?this.shownBeat+(a-this.shownBeat)*.35:a;let o=e/(e<Li?Ii:Fi),s={colours:this.palette(),width:e,height:t,beat:this.shownBeat,nowX:e*Pi,perBeat:o,middle:t*.56};if(!Vi.matches||!i)return s;let c=Math.floor(a),l=c-(n.barAt(a)?.start_beat??c);return{...s,beat:c,nowX:s.nowX+l*o}}palette(){if(this.colours)return this.colours;let e=ai(this),t=e=>e.split(`,`).map(Number);return this.waterfall.colour({warm:t(e.mine),hot:t(e.hot)}),this.colours=e}paintOpen(e,t){let{history:n,asked:r,hello:i}=this.session,a=wi(t);this.waterfall.draw(e,t.beat,t.nowX,t.perBeat,a.top,a.height),Ei(e,t,a),Di(e,t,a);let o=t.beat-t.nowX/t.perBeat,s=t.beat+(t.width-t.nowX)/t.perBeat;for(let c of n.chordsBetween(o,s)){let n=r.chordAt((c.from+c.to)/2);i&&ki(e,t,a,{...c,what:ft(n??c.what,i)},n!==null)}Oi(e,t,a);for(let n of r.notes)n.to>o&&Ai(e,t,a,n)}paint(e,t){let{history:n,playing:r,remote:i}=this.session,a=n.bars.filter(e=>Ui(e,t));this.open||si(e,t,a.filter(e=>e.start_beat+e.beats>t.beat)),(!this.open||i)&&oi(e,t,n.heardLevels);for(let n of a)ci(e,t,n,T);ui(e,t,a);for(let{beat:n,changes:r}of this.session.time.pending)di(e,t,n,An(r));a.length===0&&fi(e,t),pi(e,t,r,Vi.matches)}};function Ui(e,t){let n=t.nowX+(e.start_beat-t.beat)*t.perBeat;return n<t.width&&n+e.beats*t.perBeat>0}function Wi(e,t){let n=Math.min(2,window.devicePixelRatio||1),r=e.clientWidth,i=e.clientHeight;return(e.width!==Math.round(r*n)||e.height!==Math.round(i*n))&&(e.width=Math.round(r*n),e.height=Math.round(i*n)),t.setTransform(n,0,0,n,0,0),{width:r,height:i}}customElements.define(`legato-horizon`,Hi);var Gi=[[`Transport`,[[`Space`,`start, stop`],[`R`,`from the top`],[`Shift Esc`,`panic: all notes off, fade out`],[`T`,`tap the tempo`]]],[`Takes, where the server has a folder for them`,[[`C`,`record what sounds, or the next start; end the take`],[`N`,`mark this moment of the take`],[`B`,`keep what was heard last as a take of its own`]]],[`Musical time`,[[`Q`,`changes now, on the next beat, on the next bar`],[`G`,`the conductor plans everything from the next bar on anew`],[`Shift Click`,`choose several bars of the plan`]]],[`Scenes`,[[`1 – 8`,`recall a scene, or store in an empty slot`],[`Shift 1 – 8`,`glide to a scene over the fade time`],[`S, then 1 – 8`,`store what is there now`],[`F`,`crossfade from A to B and back`]]],[`Hands`,[[`Ctrl Z, Ctrl Y`,`undo, redo`],[`D`,`roll the dice`],[`K`,`play notes with the letters; Z and X change octave, Esc ends`],[`M`,`MIDI learn`]]],[`On a control`,[[`Arrows`,`move a pad, the cursor, a fader`],[`Delete`,`let a fader go, remove a pad, clear a scene`],[`Double-click`,`let go, or back to where it was at first`],[`L`,`light, dark, as the system`],[`V`,`spectrum and notes, or folded away`]]]],Ki={r:{do:`restart`},t:{do:`tap`},s:{do:`store`},f:{do:`fade`},d:{do:`dice`},k:{do:`typing`},m:{do:`learn`},c:{do:`record`},n:{do:`mark`},b:{do:`keep`},l:{do:`theme`},v:{do:`fold`},q:{do:`quantise`},g:{do:`roll`},"?":{do:`help`}," ":{do:`toggle`}},qi=[` `,`?`,`c`,`n`,`b`];function Ji(e,t){let n=e.key.toLowerCase();if(n===`escape`)return{do:e.shift?`panic`:`escape`};if(e.mod&&!e.alt)return n===`z`?{do:e.shift?`redo`:`undo`}:n===`y`?{do:`redo`}:null;if(e.mod||e.alt)return null;let r=/^Digit([1-8])$/.exec(e.code);return r?{do:e.shift?`glide`:`recall`,slot:Number(r[1])-1}:t&&e.code===`KeyZ`?{do:`octave`,by:-1}:t&&e.code===`KeyX`?{do:`octave`,by:1}:t&&!qi.includes(n)?null:Ki[n]??null}var Yi=[[`KeyA`,0],[`KeyW`,1],[`KeyS`,2],[`KeyE`,3],[`KeyD`,4],[`KeyF`,5],[`KeyT`,6],[`KeyG`,7],[`KeyY`,8],[`KeyH`,9],[`KeyU`,10],[`KeyJ`,11],[`KeyK`,12],[`KeyO`,13],[`KeyL`,14],[`KeyP`,15],[`Semicolon`,16],[`Quote`,17]],Xi={Semicolon:`;`,Quote:`'`},Zi=new Map(Yi);function Qi(e){return Zi.get(e)??null}function $i(e){let t=Yi.find(([,t])=>t===e)?.[0]??``;return Xi[t]??t.slice(3)}var ea=`input:not([type=range], [type=radio]), select, textarea`,ta=`button:not([data-moves]), input[type=radio], summary`,na=class{constructor(e,t){this.session=e,this.page=t,document.addEventListener(`keydown`,e=>this.down(e)),document.addEventListener(`keyup`,t=>Qi(t.code)!==null&&e.desk.release(`type ${t.code}`)),document.addEventListener(`click`,e=>ra(e)),window.addEventListener(`blur`,()=>e.desk.releaseAll(`type`));for(let e of[`pointerdown`,`click`,`keydown`])document.addEventListener(e,e=>this.learn(e),!0)}down(e){let t=e.composedPath()[0],n=t instanceof HTMLElement?t:null;if(e.defaultPrevented||n?.matches(ea)||e.key===` `&&n?.matches(ta))return;let{desk:r}=this.session,i=e.ctrlKey||e.metaKey,a=r.typing&&!i&&!e.altKey?Qi(e.code):null;if(a!==null){e.repeat||r.press(`type ${e.code}`,r.lowNote+a),e.preventDefault();return}let{key:o,code:s,shiftKey:c,altKey:l}=e,u=Ji({key:o,code:s,shift:c,alt:l,mod:i},r.typing);!u||e.repeat&&u.do!==`undo`&&u.do!==`redo`||(u.do!==`escape`&&e.preventDefault(),this.run(u))}run(e){let{session:t,page:n}=this,{desk:r}=t,i=t.connection===`open`;e.do===`toggle`?i&&t.toggle():e.do===`restart`?i&&t.restart():e.do===`panic`?r.panic():e.do===`undo`?r.undo():e.do===`redo`?r.redo():e.do===`dice`?r.randomise():e.do===`tap`?r.tap():e.do===`store`?r.scenes.arm(`store`):e.do===`fade`?r.fade.go():e.do===`recall`?r.scenes.press(e.slot):e.do===`glide`?r.fade.glide(e.slot):e.do===`octave`?r.shiftOctave(e.by):e.do===`typing`?r.setTyping(!0):e.do===`learn`?r.midi.toggleLearn():e.do===`theme`?n.recolour():e.do===`help`?n.help():e.do===`fold`?n.fold():e.do===`quantise`?t.time.turn():e.do===`roll`?t.time.order({action:`roll`}):e.do===`record`?r.takes.record():e.do===`mark`?r.takes.mark():e.do===`keep`?r.takes.keep():this.escape()}escape(){let{desk:e,toast:t}=this.session;t?this.session.dismiss():e.midi.learning?e.midi.learn(!1):e.scenes.armed===`recall`?e.typing?e.setTyping(!1):this.session.time.selected.length>0&&this.session.time.deselect():e.scenes.arm(e.scenes.armed)}learn(e){let{midi:t}=this.session.desk;if(!t.learning||e instanceof KeyboardEvent&&e.key!==`Enter`)return;let n=e.composedPath().find(e=>e instanceof HTMLElement&&Ue(e.dataset.learn));n instanceof HTMLElement&&(e.preventDefault(),e.stopPropagation(),e.type!==`click`&&t.choose(n.dataset.learn))}};function ra(e){let t=e.detail>0&&e.composedPath().find(e=>e instanceof HTMLButtonElement);t instanceof HTMLElement&&!t.matches(`[data-moves]`)&&t.blur()}var ia=class extends G{static{this.styles=[K,O`
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        padding: 10px 14px;
        border: 1px solid var(--note-line);
        border-radius: 12px;
        background: var(--note-ground);
        font-size: 13.5px;
      }
      p {
        flex: 1 1 260px;
        margin: 0;
        line-height: 1.4;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        gap: 2px;
        height: 28px;
        padding: 0 2px 0 10px;
        border-radius: 99px;
        background: var(--surface);
        font-size: 12.5px;
      }
      .chip {
        background: var(--surface);
        color: var(--text);
      }
    `]}render(){let e=this.session?.desk.midi;if(!e)return null;let t=e.inputs??[],n=e.waiting===`cursor.x`?` Click again for up and down.`:``,r=e.waiting?`${tt(e.waiting)}: now move a knob or press a button of your controller.${n}`:`Click a control, then move a knob.`;return L`<section aria-label="MIDI learn">
      <p role="status">${t.length>0?`${t.join(`, `)}. ${r}`:`No MIDI input is connected: plug one in and it appears here.`}</p>
      <ul>
        ${Object.entries(e.bindings).map(([t,n])=>L`<li>
              ${tt(n)} · ${et(t)}
              <button class="release" aria-label="Forget ${tt(n)}" @click=${()=>e.forget(n)}>×</button>
            </li>`)}
      </ul>
      <button class="chip" @click=${()=>e.learn(!1)}>Done</button>
    </section>`}};customElements.define(`legato-learn-bar`,ia);var aa=new Set([1,3,6,8,10]),oa=window.matchMedia(`(max-width: 560px)`),sa=window.matchMedia(`(max-width: 1000px)`),ca=class extends G{constructor(...e){super(...e),this.reached=null,this.resized=()=>this.requestUpdate(),this.down=e=>{e.button===0&&(e.currentTarget.setPointerCapture(e.pointerId),this.touch(e))},this.move=e=>{e.currentTarget.hasPointerCapture(e.pointerId)&&this.touch(e)},this.up=e=>this.desk.release(`finger ${e.pointerId}`),this.keyDown=e=>{let t=Number(e.target.dataset.note);if(e.key===`Enter`||e.key===` `)e.repeat||this.desk.press(`focus`,t);else if(e.key===`ArrowLeft`||e.key===`ArrowRight`)this.reach(t+(e.key===`ArrowLeft`?-1:1));else return;e.preventDefault()},this.keyUp=e=>{(e.key===`Enter`||e.key===` `)&&this.desk.release(`focus`)}}static{this.styles=[K,O`
      .keys {
        display: flex;
        position: relative;
        height: 112px;
        margin-top: 10px;
        touch-action: none;
        user-select: none;
      }
      .keys button {
        position: relative;
        display: grid;
        align-content: end;
        justify-items: center;
        gap: 3px;
        padding-bottom: 7px;
        font-size: 11px;
        line-height: 1.1;
      }
      .white {
        flex: 1;
        margin-right: 2px;
        border-radius: 3px 3px 8px 8px;
        background: linear-gradient(var(--ivory-dim), var(--ivory) 30%);
        box-shadow: inset 0 0 0 1px #0001;
        color: var(--on-ivory);
      }
      .keys button.black {
        z-index: 1;
        flex: none;
        width: calc(0.58 * var(--key));
        height: 62%;
        margin: 0 calc(-0.29 * var(--key) + 1px) 0 calc(-0.29 * var(--key) - 1px); /* over the gap, taking no room */
        border-radius: 2px 2px 6px 6px;
        background: var(--ebony);
        box-shadow: 0 2px 4px #0008;
        color: #d9dce2;
      }
      .keys button[aria-pressed="true"] {
        background: var(--mine-fill);
        color: var(--on-mine);
      }
      .keys i {
        width: 6px;
        height: 6px;
        border-radius: 50%;
      }
      .keys .scale i {
        box-shadow: inset 0 0 0 1.5px #7a849488;
      }
      .keys .tone i {
        background: var(--conductor-fill);
        box-shadow: none;
      }
      .keys kbd {
        font: 500 11px/1.1 var(--sans);
      }
      .keys button:focus-visible {
        outline-color: var(--mine-fill);
        outline-offset: -3px;
      }
      .octave {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      .octave span {
        min-width: 54px;
        text-align: center;
        font-size: 12.5px;
        color: var(--dim);
      }
      @media (max-width: 560px) {
        .keys {
          height: 132px;
        }
        .head {
          flex-wrap: wrap;
        }
      }
    `]}connectedCallback(){super.connectedCallback();for(let e of[oa,sa])e.addEventListener(`change`,this.resized)}disconnectedCallback(){super.disconnectedCallback();for(let e of[oa,sa])e.removeEventListener(`change`,this.resized)}render(){let{hello:e,controls:t}=this.session??{};if(!e||!t)return null;let{history:n,heardIndex:r,desk:i}=this.session,a=t.key??n.nowAt(r)?.key??``,o=n.chordAt(n.beatAt(r))??``,[s,c]=this.span(),l=Array.from({length:c-s+1},(e,t)=>s+t),u=l.filter(e=>!aa.has(e%12)).length,d={scale:dt(a,e),tones:ft(o,e)};return L`
      <div class="head">
        <h2>Piano</h2>
        <button class="chip" aria-pressed=${i.held.pedalDown} title="Sustain: keys go on sounding" @click=${()=>i.pedal(!i.held.pedalDown)}>Hold</button>
        <button class="chip" aria-pressed=${i.typing} title="Play with the letters A to ' (K begins, Esc ends)" @click=${()=>i.setTyping(!i.typing)}>Letter keys</button>
        <div class="octave">
          <button class="chip" aria-label="An octave down" @click=${()=>i.shiftOctave(-1)}>−</button>
          <span>${this.name(s)} – ${this.name(c)}</span>
          <button class="chip" aria-label="An octave up" @click=${()=>i.shiftOctave(1)}>+</button>
        </div>
      </div>
      <div
        class="keys"
        role="group"
        aria-label="Piano: arrow keys choose a key, Enter plays it"
        style="--key: calc(100% / ${u})"
        @pointerdown=${this.down}
        @pointermove=${this.move}
        @pointerup=${this.up}
        @pointercancel=${this.up}
        @keydown=${this.keyDown}
        @keyup=${this.keyUp}
        @focusout=${()=>this.desk.release(`focus`)}
      >
        ${l.map(e=>this.key(e,d,this.reached??i.lowNote))}
      </div>
    `}key(e,t,n){let r=aa.has(e%12)?`black`:`white`,i=t.tones.includes(e%12)?`tone`:t.scale.includes(e%12)?`scale`:``,{typing:a,lowNote:o}=this.desk;return L`<button
      class="${r} ${i}"
      data-note=${e}
      tabindex=${e===n?0:-1}
      aria-label=${this.name(e)}
      aria-pressed=${this.session.controls?.notes.includes(e)??!1}
    >
      ${a?L`<kbd>${$i(e-o)}</kbd>`:e%12==0?this.name(e):null}<i></i>
    </button>`}span(){let{lowNote:e}=this.desk;return oa.matches?[e,e+12]:sa.matches?[e,e+24]:[Math.max(e-12,24),Math.min(e+24,108)]}name(e){return`${T(this.session.hello?.pitch_classes[e%12]??``)}${Math.floor(e/12)-1}`}touch(e){let t=this.renderRoot.elementFromPoint(e.clientX,e.clientY)?.closest(`[data-note]`),n=`finger ${e.pointerId}`;t?this.desk.press(n,Number(t.dataset.note)):this.desk.release(n)}async reach(e){let[t,n]=this.span();this.reached=Math.min(n,Math.max(t,e)),this.requestUpdate(),await this.updateComplete,this.renderRoot.querySelector(`[data-note="${this.reached}"]`)?.focus()}};customElements.define(`legato-piano`,ca);var la={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},ua=e=>(...t)=>({_$litDirective$:e,values:t}),da=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:fa}=Fr,pa=e=>e,ma=()=>document.createComment(``),Z=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new fa(r.insertBefore(ma(),i),r.insertBefore(ma(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=pa(e).nextSibling;pa(r).insertBefore(e,i),e=t}}}return n},Q=(e,t,n=e)=>(e._$AI(t,n),e),ha={},ga=(e,t=ha)=>e._$AH=t,_a=e=>e._$AH,va=e=>{e._$AR(),e._$AA.remove()},ya=(e,t,n)=>{let r=new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},ba=ua(class extends da{constructor(e){if(super(e),e.type!==la.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=_a(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=Q(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=Q(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=Q(i[d],a[m]),Z(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=Q(i[f],a[p]),Z(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=ya(o,p,m),u=ya(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=Z(e,i[d]);Q(t,a[p]),c[p]=t}else c[p]=Q(n,a[p]),Z(e,i[d],n),i[t]=null;p++}else va(i[f]),f--}else va(i[d]),d++;for(;p<=m;){let t=Z(e,c[m+1]);Q(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&va(e)}return this.ut=o,ga(e,c),R}});function xa({chords:e,beats:t}){let n=e.every(([n],r)=>n===Ca(r,e.length,t));return e.map(([e,t],r)=>n||r===0?t:`${t}@${e+1}`).join(` `)}function Sa(e,t){let n=e.split(/[\s,|]+/).filter(Boolean);if(n.length===0)throw Error(`Write one or more chords, such as Am7 D7.`);let r=n.map((e,r)=>{let[i=``,a]=e.split(`@`),o=a===void 0?Ca(r,n.length,t):Number(a)-1;if(!(o>=0&&o<t))throw Error(`${e}: a beat of this bar is from 1 to below ${t+1}.`);return[r===0?0:o,i]}),i=r.find(([e],t)=>t>0&&e<=r[t-1][0]);if(i)throw Error(`${i[1]} begins on beat ${i[0]+1}, not after the chord before it.`);return r}function Ca(e,t,n){return t>n?e*n/t:Math.round(e*n/t)}var wa=[[`density`,`Density`],[`brightness`,`Brightness`],[`loudness`,`Loudness`]],Ta=class extends G{static{this.styles=[K,O`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1.1fr) minmax(0, 1.6fr);
        gap: 12px 28px;
        margin-top: 10px;
        padding: 14px 16px;
        border-radius: 11px;
        background: var(--raised);
        animation: open 0.16s ease-out;
      }
      .head {
        grid-column: 1 / -1;
      }
      .head h2 {
        color: var(--text);
      }
      .fields {
        display: grid;
        grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr);
        gap: 8px;
        align-content: start;
      }
      .field {
        width: 100%;
        background-color: var(--surface);
      }
      .chords {
        font: 17px var(--score);
      }
      .gates {
        display: flex;
        flex-wrap: wrap;
        grid-column: 1 / -1;
        gap: 6px;
      }
      .gates .planned[aria-pressed="true"] {
        color: var(--conductor);
        border-color: var(--conductor);
        background: var(--conductor-soft);
      }
      .levels {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 10px 22px;
      }
      @keyframes open {
        from {
          opacity: 0;
          transform: translateY(-6px);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        :host {
          animation: none;
        }
      }
      @media (max-width: 900px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (max-width: 480px) {
        .levels {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `]}render(){let{time:e,hello:t}=this.session,n=this.session.status?.plan.find(({index:t})=>t===e.selected[0]);if(!n||!t)return null;let r=e.shown(n),i=t.sections[r.style]??[r.section],[a=0,o=a]=[e.selected[0],e.selected.at(-1)],s=e=>r.edited.includes(e)?`mine`:``;return L`
      <div class="head">
        <h2>${a===o?`Bar ${a+1}`:`Bars ${a+1} – ${o+1}`}</h2>
        <button class="chip" @click=${()=>e.order({action:`reset`,bars:[...e.selected]})}>Give back</button>
        <button class="chip" @click=${()=>e.deselect()}>Done</button>
      </div>
      <div class="fields">
        <input
          class="field chords ${s(`chords`)}"
          aria-label="Chords; Enter applies"
          title="Chords of the bar, such as Am7 D7; Am7 D7@4 puts the second on beat 4; empty gives them back"
          autocomplete="off"
          spellcheck="false"
          .value=${xa(r)}
          @change=${e=>this.chords(r,e.target)}
        />
        <select class="field ${s(`section`)}" aria-label="Section" @change=${t=>e.edit({section:t.target.value})}>
          ${i.map(e=>L`<option value=${e} .selected=${e===r.section}>${e}</option>`)}
        </select>
        <div class="gates" role="group" aria-label="Who plays in the bar">${S.map(e=>this.gate(r,e))}</div>
      </div>
      <div class="levels">${wa.map(([e,t])=>this.level(r,e,t))}</div>
    `}gate(e,t){let n=e.gates[t];return L`<button class="chip ${e.edited.includes(`gates`)?``:`planned`}" aria-pressed=${n} @click=${()=>this.session.time.edit({gates:{[t]:!n}})}>${t}</button>`}level(e,t,n){return L`<legato-fader
      .label=${n}
      .value=${e.edited.includes(t)?e[t]:null}
      .planned=${e[t]}
      @pick=${e=>this.session.time.edit({[t]:e.detail})}
    ></legato-fader>`}chords(e,t){try{this.session.time.edit({chords:t.value.trim()?Sa(t.value,e.beats):null})}catch(n){this.session.say(n instanceof Error?n.message:String(n)),t.value=xa(e)}}};customElements.define(`legato-bar-editor`,Ta);var Ea=O`
  .bars {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(132px, 1fr);
    gap: 6px;
    margin: 8px -4px 0;
    padding: 4px;
    overflow-x: auto;
    scroll-snap-type: x proximity;
    scrollbar-width: thin;
  }
  .bar {
    position: relative;
    display: grid;
    grid-template-rows: 78px 29px;
    border-radius: 11px;
    background: var(--raised);
    scroll-snap-align: start;
  }
  .bar.now {
    background: none;
    box-shadow: inset 0 0 0 1px var(--line);
  }
  .bar.locked {
    box-shadow: inset 0 0 0 1.5px var(--mine);
  }
  .bar:has(.face[aria-pressed="true"]) {
    background: var(--lifted);
    box-shadow: inset 0 0 0 2px var(--mine);
  }
  .face {
    display: grid;
    grid-template-rows: auto 1fr auto;
    min-width: 0;
    padding: 7px 11px 5px;
    border-radius: 11px 11px 0 0;
    text-align: left;
    touch-action: manipulation;
  }
  .face:disabled {
    opacity: 1;
  }
  .top {
    display: flex;
    gap: 6px;
    justify-content: space-between;
    font: italic 14px/1.2 var(--score);
    color: var(--conductor);
    white-space: nowrap;
  }
  .top b {
    overflow: hidden;
    font-weight: 400;
    text-overflow: ellipsis;
  }
  .top i {
    font: 11.5px/1.4 var(--sans);
    font-variant-numeric: tabular-nums;
    color: var(--faint);
  }
  .names {
    display: flex;
    gap: 10px;
    align-items: center;
    overflow: hidden;
    font: 20px/1.1 var(--score);
    white-space: nowrap;
  }
  .names.long {
    gap: 8px;
    font-size: 16px;
  }
  .by-hand {
    color: var(--mine);
  }
  .lanes {
    display: grid;
    gap: 2px;
  }
  .lanes i {
    height: 2px;
    border-radius: 2px;
    background: color-mix(in srgb, var(--text) 9%, transparent);
  }
  .lanes i.on {
    background: var(--conductor-fill);
  }
  .lanes.by-hand i.on {
    background: var(--mine-fill);
  }
  .tools {
    display: flex;
    padding: 0 4px 2px;
  }
  .tools button {
    display: grid;
    place-items: center;
    width: 30px;
    height: 26px;
    border-radius: 8px;
    color: var(--faint);
  }
  .tools button:hover {
    background: color-mix(in srgb, var(--text) 9%, transparent);
    color: var(--text);
  }
  .tools button[aria-pressed="true"] {
    color: var(--mine);
  }
  .tools span {
    align-self: center;
    padding-left: 7px;
    font-size: 12px;
    color: var(--dim);
  }
  .tools .undo {
    margin-left: auto;
  }
  .free {
    margin: 10px 0 2px;
    font: italic 17px/1.4 var(--score);
    color: var(--dim);
  }
  @media (max-width: 720px) {
    .bars {
      grid-auto-columns: 148px;
      margin-inline: -14px;
      padding-inline: 14px;
      scroll-padding: 14px;
    }
    .tools button {
      width: 40px;
      height: 36px;
    }
    .bar {
      grid-template-rows: 80px 38px;
    }
    .head {
      flex-wrap: wrap;
    }
  }
`,Da=9,Oa=`The conductor is free: the model alone decides whatever you leave open.`,ka=`The plan shows with the sound.`,Aa=class extends G{static{this.styles=[K,Ea]}render(){let e=this.session?.controls;if(!e)return L`<div class="head"><h2>Conductor</h2></div>`;let t=this.session.status?.plan??[],n=e.conductor===`free`,{time:r}=this.session;return L`
      <div class="head">
        <h2>Conductor</h2>
        <button
          class="chip ${this.markClass(`plan.roll`)}"
          data-learn="plan.roll"
          data-learn-label=${this.learnLabel(`plan.roll`)}
          ?disabled=${(n||t.length===0)&&!this.desk.midi.learning}
          title="Plan everything from the next bar on anew, but for locked bars (G)"
          @click=${()=>r.order({action:`roll`})}
        >
          Roll all
        </button>
        <div class="segments ${this.waitClass(`conductor`)}" role="group" aria-label="Conductor">
          ${[`on`,`free`].map(t=>L`<button
                aria-pressed=${e.conductor===t}
                title=${t===`on`?`Plans whatever you leave open, a few bars ahead`:Oa}
                @click=${()=>this.desk.change({conductor:t})}
              >
                ${t}
              </button>`)}
        </div>
      </div>
      ${n||t.length===0?L`<p class="free">${n?Oa:ka}</p>`:L`<div class="bars" role="group" aria-label="Bars of the plan">${ba(t,e=>e.index,(e,t)=>this.bar(r.shown(e),t===0))}</div>`}
      ${r.selected.length>0?L`<legato-bar-editor .session=${this.session}></legato-bar-editor>`:null}
    `}bar(e,t){let n=e.chords.map(([,t])=>T(t,e.key)),r=t=>e.edited.includes(t)?`by-hand`:``,i=S.filter(t=>e.gates[t]),{time:a}=this.session;return L`<div class="bar ${t?`now`:``} ${e.locked?`locked`:``}">
      <button
        class="face"
        ?disabled=${t}
        aria-pressed=${a.selected.includes(e.index)}
        aria-label="Bar ${e.index+1}, ${e.section}: ${n.join(`, `)}; ${i.join(`, `)||`nobody`}${e.locked?`; locked`:``}${e.edited.length>0?`; set by hand: ${e.edited.join(`, `)}`:``}"
        title=${t?`Being made now`:`Change this bar; with Shift all from the last one chosen to this`}
        @click=${t=>a.select(e.index,t.shiftKey)}
      >
        <span class="top"><b class=${r(`section`)}>${e.section}</b><i>${e.index+1}</i></span>
        <span class="names ${r(`chords`)} ${n.join(``).length>Da?`long`:``}">${n.map(e=>L`<span>${e}</span>`)}</span>
        <span class="lanes ${r(`gates`)}">${S.map(t=>L`<i class=${e.gates[t]?`on`:``}></i>`)}</span>
      </button>
      ${t?L`<div class="tools"><span>in the making</span></div>`:this.tools(e)}
    </div>`}tools(e){let{time:t}=this.session,n=[e.index],r=e.index+1;return L`<div class="tools">
      <button
        aria-label="Lock bar ${r}"
        aria-pressed=${e.locked}
        title=${e.locked?`Unlock`:`Lock: stays as it is, whatever is planned anew`}
        @click=${()=>t.order({action:e.locked?`unlock`:`lock`,bars:n})}
      >
        ${e.locked?X.lock:X.unlock}
      </button>
      <button aria-label="Roll bar ${r} anew" title="Roll anew: other chords, line-up and levels" ?disabled=${e.locked} @click=${()=>t.order({action:`roll`,bars:n})}>
        ${X.dice}
      </button>
      ${e.edited.length>0||e.locked?L`<button class="undo" aria-label="Give bar ${r} back" title="Give back: forget whatever was done to this bar" @click=${()=>t.order({action:`reset`,bars:n})}>×</button>`:null}
    </div>`}};customElements.define(`legato-plan`,Aa);function ja(e,t){let n=t.getBoundingClientRect(),r=(e,t,n)=>Math.min(1,Math.max(0,(e-t)/n));return{x:r(e.clientX,n.left,n.width),y:r(e.clientY,n.top,n.height)}}var Ma=.02,Na=.005;function Pa(e){let t=e.shiftKey?Na:Ma;return e.key===`ArrowLeft`?{x:-t,y:0}:e.key===`ArrowRight`?{x:t,y:0}:e.key===`ArrowUp`?{x:0,y:-t}:e.key===`ArrowDown`?{x:0,y:t}:null}var Fa=O`
  .plane {
    position: relative;
    aspect-ratio: 4 / 3;
    overflow: hidden;
    border-radius: 12px;
    background: var(--raised);
    touch-action: none;
    cursor: crosshair;
  }
  svg {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }
  circle.ring {
    fill: none;
    stroke: var(--line);
    stroke-width: 1;
    vector-effect: non-scaling-stroke;
  }
  line {
    stroke: var(--mine);
    stroke-linecap: round;
    vector-effect: non-scaling-stroke;
  }
  .glow {
    position: absolute;
    width: 62%;
    aspect-ratio: 1;
    border-radius: 50%;
    background: radial-gradient(closest-side, var(--mine-fill), transparent);
    transform: translate(-50%, -50%);
    pointer-events: none;
  }
  .pad {
    position: absolute;
    width: 0;
    height: 0;
    cursor: grab;
  }
  .pad i {
    position: absolute;
    left: 0;
    top: 0;
    width: calc(14px + 16px * var(--share));
    aspect-ratio: 1;
    border: 2px solid var(--mine);
    border-radius: 50%;
    background: color-mix(in srgb, var(--mine-fill) calc(100% * min(1, 0.15 + 1.2 * var(--share))), var(--surface));
    transform: translate(-50%, -50%);
  }
  .pad i::before {
    content: "";
    position: absolute;
    inset: -12px;
  }
  .pad span {
    position: absolute;
    top: calc(10px + 8px * var(--share));
    display: flex;
    gap: 6px;
    width: max-content;
    max-width: 168px;
    padding: 3px 6px;
    border-radius: 6px;
    font-size: 12.5px;
    line-height: 1.25;
    color: var(--text);
    /* The words stay on the plane: flush left at the left edge, flush right at the right. */
    transform: translateX(calc(-100% * var(--x)));
  }
  .pad.above span {
    top: auto;
    bottom: calc(10px + 8px * var(--share));
  }
  .pad b {
    overflow: hidden;
    font-weight: 400;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .pad em {
    font-style: normal;
    font-variant-numeric: tabular-nums;
    color: var(--mine);
  }
  .pad.silent span {
    color: var(--faint);
  }
  .pad[aria-pressed="true"] span {
    background: color-mix(in srgb, var(--lifted) 88%, transparent);
  }
  .pad:focus-visible {
    outline: none;
  }
  .pad:focus-visible i {
    outline: 2px solid var(--focus);
    outline-offset: 3px;
  }
  .cursor {
    position: absolute;
    width: 34px;
    height: 34px;
    border: 2px solid var(--text);
    border-radius: 50%;
    transform: translate(-50%, -50%);
    cursor: grab;
  }
  .cursor i::before,
  .cursor i::after {
    content: "";
    position: absolute;
    left: 50%;
    top: -5px;
    width: 2px;
    height: 8px;
    margin-left: -1px;
    background: var(--text);
    box-shadow: 0 32px 0 var(--text);
  }
  .cursor i::after {
    transform: rotate(90deg);
    transform-origin: 50% 20px;
  }
  .dragging,
  .dragging * {
    cursor: grabbing;
  }
  .edit {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px;
    margin-top: 10px;
  }
  .edit .field {
    width: 100%;
  }
  .edit button {
    height: 38px;
    padding: 0 12px;
    border: 1px solid var(--line);
    border-radius: 10px;
    font-size: 13px;
    color: var(--dim);
  }
  .edit button:hover:not(:disabled) {
    color: var(--text);
    border-color: var(--faint);
  }
`,Ia=[.75,.4,.1],La=.1,Ra=e=>`${(100*e).toFixed(2)}%`,za=e=>`left: ${Ra(e.x)}; top: ${Ra(e.y/h)}`;function Ba(e){let{x:t,y:n}=ja(e,e.currentTarget);return{x:t,y:n*h}}var Va=class extends G{static{this.properties={...G.properties,selected:{state:!0},dragged:{state:!0}}}constructor(){super(),this.apart={x:0,y:0},this.grab=e=>{if(e.button!==0||this.desk.midi.learning)return;this.renderRoot.querySelector(`.name:focus`)?.blur();let t=e.composedPath().find(e=>e instanceof HTMLElement&&e.matches(`[data-pad], .cursor`)),{surface:n}=this.desk,r=n.pads.find(({id:e})=>e===Number(t?.dataset.pad)),i=Ba(e),a=t?r??n.cursor:i;e.currentTarget.setPointerCapture(e.pointerId),this.apart={x:a.x-i.x,y:a.y-i.y},this.dragged=r?.id??`cursor`,this.selected=r?.id??this.selected,t||this.move(e)},this.drag=e=>{this.dragged!==null&&this.move(e)},this.letGo=()=>{this.dragged=null},this.cursorKey=e=>{let t=Pa(e),{surface:n}=this.desk;t&&(e.preventDefault(),this.desk.place(b(n,{x:n.cursor.x+t.x,y:n.cursor.y+t.y}),`cursor`))},this.selected=null,this.dragged=null}static{this.styles=[K,Fa]}render(){let{surface:e}=this.desk,t=y(e),n=e.pads.find(e=>e.id===this.selected)??e.pads[0],r=this.desk.midi.waiting===`cursor.y`?`cursor.y`:`cursor.x`;return L`
      <div
        class="plane ${this.dragged===null?``:`dragging`} ${this.waitClass(`prompts`)}"
        role="group"
        aria-label="Plane of prompts"
        @pointerdown=${this.grab}
        @pointermove=${this.drag}
        @pointerup=${this.letGo}
        @pointercancel=${this.letGo}
      >
        ${e.pads.map(e=>L`<div class="glow" style="${za(e)}; opacity: ${.42*(t[e.text]??0)}"></div>`)}
        ${this.lines(e.pads,e.cursor,t)}
        ${ba(e.pads,e=>e.id,e=>this.pad(e,t[e.text]??0,e===n))}
        <button
          class="cursor ${this.markClass(r)}"
          style=${za(e.cursor)}
          data-moves
          data-learn="cursor.x"
          data-learn-label=${this.learnLabel(r)}
          aria-label="Cursor: ${Math.round(100*e.cursor.x)} percent across, ${Math.round(100*e.cursor.y/h)} percent down; arrow keys move it"
          title="Drag, or use the arrow keys; double-click centres"
          @keydown=${this.cursorKey}
          @dblclick=${()=>this.desk.place(b(e,g),`cursor`)}
        >
          <i></i>
        </button>
      </div>
      ${n?this.edit(n):null}
    `}lines(e,t,n){return L`<svg viewBox="0 0 1 ${h}" aria-hidden="true">
      ${Ia.map(e=>wr`<circle class="ring" cx=${t.x} cy=${t.y} r=${ve(e)} />`)}
      ${e.map(e=>{let r=n[e.text]??0;return wr`<line x1=${t.x} y1=${t.y} x2=${e.x} y2=${e.y} stroke-width=${1+2.5*r} opacity=${Math.min(1,2*r)} />`})}
    </svg>`}pad(e,t,n){let r=e.text||`unnamed`;return L`<button
      class="pad ${t>0?``:`silent`} ${this.wordsAbove(e)?`above`:``}"
      style="${za(e)}; --share: ${t}; --x: ${e.x}"
      data-moves
      data-pad=${e.id}
      aria-pressed=${n}
      aria-label="${r}: ${Math.round(100*t)} percent; arrow keys move it, Enter renames, Delete removes"
      @focus=${()=>this.selected=e.id}
      @keydown=${t=>this.padKey(t,e)}
      @dblclick=${()=>void this.focusName(e.id)}
    >
      <i></i><span><b>${r}</b>${t>0?L`<em>${Math.round(100*t)}%</em>`:null}</span>
    </button>`}wordsAbove(e){return e.y<La?!1:e.y>.75-La||e.y<this.desk.surface.cursor.y}edit(e){let{hello:t}=this.session;return L`<div class="edit">
      <input
        class="field name"
        aria-label="Name of the chosen pad"
        placeholder="describe the music"
        maxlength=${t?.limits.prompt_characters??500}
        .value=${e.text}
        @keydown=${e=>e.key===`Enter`&&e.target.blur()}
        @change=${t=>this.name(e,t.target)}
      />
      <button aria-label="Remove ${e.text||`unnamed`}" ?disabled=${!Ee(this.desk.surface,e.id)} @click=${()=>this.takeAway(e)}>Remove</button>
    </div>`}move(e){let t=Ba(e),n={x:t.x+this.apart.x,y:t.y+this.apart.y};this.dragged===`cursor`?this.desk.place(b(this.desk.surface,n),`cursor`):this.dragged!==null&&this.desk.place(Se(this.desk.surface,this.dragged,n),`pad ${this.dragged}`)}padKey(e,t){let n=Pa(e);if(n)this.desk.place(Se(this.desk.surface,t.id,{x:t.x+n.x,y:t.y+n.y}),`pad ${t.id}`);else if(e.key===`Delete`||e.key===`Backspace`)this.takeAway(t);else if(e.key===`Enter`)this.focusName(t.id);else return;e.preventDefault()}name(e,t){t.value.trim()&&t.value.trim()!==e.text?this.desk.place(we(this.desk.surface,e.id,t.value),`name ${e.id}`):t.value=e.text}takeAway(e){Ee(this.desk.surface,e.id)&&this.desk.place(Te(this.desk.surface,e.id),`drop ${e.id}`)}async focusName(e){this.selected=e,await this.updateComplete,this.renderRoot.querySelector(`.name`)?.select()}};customElements.define(`legato-plane`,Va);var Ha=class extends G{static{this.styles=[K,O`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 10px;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 48px 28px;
        gap: 2px 8px;
        align-items: center;
      }
      .text {
        width: 100%;
      }
      .share {
        text-align: right;
        white-space: nowrap;
        font-size: 14px;
        font-variant-numeric: tabular-nums;
        color: var(--mine);
      }
      input[type="range"] {
        appearance: none;
        grid-column: 1 / -1;
        height: 22px;
        margin: 0;
        background: none;
        cursor: pointer;
        touch-action: pan-y;
      }
      input[type="range"]::-webkit-slider-runnable-track {
        height: 5px;
        border-radius: 3px;
        background: linear-gradient(to right, var(--mine-fill) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-moz-range-track {
        height: 5px;
        border-radius: 3px;
        background: linear-gradient(to right, var(--mine-fill) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-webkit-slider-thumb {
        appearance: none;
        width: 18px;
        height: 18px;
        margin-top: -6px;
        border-radius: 50%;
        background: var(--mine-fill);
        border: 3px solid var(--surface);
      }
      .remove {
        width: 28px;
        height: 28px;
        border-radius: 50%;
        color: var(--dim);
        font-size: 18px;
      }
      .remove:hover:not(:disabled) {
        background: var(--raised);
        color: var(--text);
      }
    `]}render(){let{surface:e}=this.desk,t=y(e);return L`<ul>
      ${ba(e.pads,e=>e.id,n=>this.row(n,ye(e,n),t[n.text]??0))}
    </ul>`}row(e,t,n){let r=e.text||`unnamed`,i=`${Math.round(100*n)}`;return L`<li>
      <input
        class="field text"
        aria-label="Prompt"
        placeholder="describe the music"
        maxlength=${this.session.hello?.limits.prompt_characters??500}
        .value=${e.text}
        @keydown=${e=>e.key===`Enter`&&e.target.blur()}
        @change=${t=>this.name(e,t.target)}
      />
      <span class="share">${i} %</span>
      <button class="remove" aria-label="Remove ${r}" ?disabled=${!Ee(this.desk.surface,e.id)} @click=${()=>this.desk.place(Te(this.desk.surface,e.id),`drop ${e.id}`)}>
        ×
      </button>
      <input
        type="range"
        min=${100*le}
        max="100"
        aria-label="Weight of ${r}"
        aria-valuetext="${i} percent of the mix"
        style="--fill: ${100*t}%"
        .value=${String(Math.round(100*t))}
        @input=${t=>this.desk.place(Ce(this.desk.surface,e.id,Number(t.target.value)/100),`pad ${e.id}`)}
      />
    </li>`}async focusName(e){await this.updateComplete;let t=this.desk.surface.pads.findIndex(t=>t.id===e);this.renderRoot.querySelectorAll(`.text`)[t]?.select()}name(e,t){t.value.trim()&&t.value.trim()!==e.text?this.desk.place(we(this.desk.surface,e.id,t.value),`name ${e.id}`):t.value=e.text}};customElements.define(`legato-prompt-faders`,Ha);var Ua=[`plane`,`faders`],Wa=`legato.view`,Ga=class extends G{static{this.properties={...G.properties,view:{state:!0}}}constructor(){super(),this.dragged=e=>{let t=e.dataTransfer?.types.includes(`Files`)??!1;t&&e.preventDefault(),this.classList.toggle(`over`,t&&e.type===`dragover`)},this.dropped=e=>{this.dragged(e);let t=e.dataTransfer?.files[0];t&&this.desk.soundLike(t)},this.view=localStorage.getItem(Wa)===`faders`?`faders`:`plane`}static{this.styles=[K,O`
      legato-plane,
      legato-prompt-faders {
        margin-top: 10px;
      }
      .ideas {
        display: grid;
        grid-template-rows: auto auto;
        grid-auto-flow: column;
        justify-content: start;
        gap: 6px;
        margin: 12px -18px 0;
        padding: 2px 18px 6px;
        overflow-x: auto;
        scrollbar-width: thin;
        scrollbar-color: var(--line) transparent;
      }
      .add {
        color: var(--text);
        border-color: var(--faint);
      }
      input[type="file"] {
        display: none;
      }
      :host(.over) {
        outline: 2px dashed var(--mine);
        outline-offset: 6px;
        border-radius: 9px;
      }
      .segments button {
        text-transform: capitalize;
      }
    `]}render(){let e=this.session?.hello;if(!e||!this.session.controls)return L`<div class="head"><h2>Prompts</h2></div>`;let{pads:t}=this.desk.surface,n=t.length>=e.limits.prompts;return L`
      <div class="head">
        <h2>Prompts</h2>
        <div class="segments" role="group" aria-label="View of the prompts">
          ${Ua.map(e=>L`<button aria-pressed=${this.view===e} @click=${()=>this.show(e)}>${e}</button>`)}
        </div>
      </div>
      ${this.view===`plane`?L`<legato-plane .session=${this.session}></legato-plane>`:L`<legato-prompt-faders .session=${this.session}></legato-prompt-faders>`}
      <div class="ideas" role="group" aria-label="Add a style">
        <button class="chip add" ?disabled=${n} @click=${()=>void this.addUnnamed()}>+ Add prompt</button>
        <button
          class="chip add"
          ?disabled=${this.desk.hearing}
          title="Prompts for music like a sound file: choose one, or drop it here"
          @click=${()=>this.renderRoot.querySelector(`[type=file]`)?.click()}
        >
          ${this.desk.hearing?`Listening…`:`Like a sound…`}
        </button>
        ${e.styles.map(({name:r,prompt:i})=>L`<button
            class="chip"
            ?disabled=${n||t.some(e=>e.text===i)}
            title=${n?`At most ${e.limits.prompts} prompts`:`Add “${i}”`}
            @click=${()=>this.desk.place(De(this.desk.surface,i),`add ${i}`)}
          >
            ${r}
          </button>`)}
      </div>
      <input type="file" accept="audio/*" aria-label="Sound file" @change=${this.choose} />
    `}connectedCallback(){super.connectedCallback(),this.addEventListener(`dragover`,this.dragged),this.addEventListener(`dragleave`,this.dragged),this.addEventListener(`drop`,this.dropped)}disconnectedCallback(){this.removeEventListener(`dragover`,this.dragged),this.removeEventListener(`dragleave`,this.dragged),this.removeEventListener(`drop`,this.dropped),super.disconnectedCallback()}choose(e){let t=e.target,n=t.files?.[0];n&&this.desk.soundLike(n),t.value=``}async addUnnamed(){let e=De(this.desk.surface,``);this.desk.place(e,`add ${e.pads.length}`),await this.updateComplete,await this.renderRoot.querySelector(`legato-plane, legato-prompt-faders`)?.focusName(e.pads.at(-1)?.id??0)}show(e){this.view=e,localStorage.setItem(Wa,e)}};customElements.define(`legato-prompts`,Ga);var Ka=class extends G{static{this.styles=[K,O`
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 28px;
        margin: 0;
        font-size: 13px;
        font-variant-numeric: tabular-nums;
      }
      div {
        display: flex;
        gap: 7px;
      }
      dt {
        color: var(--dim);
      }
      dd {
        margin: 0;
        min-width: 3.2em;
      }
      .bad {
        color: var(--alarm);
      }
    `]}render(){let e=this.session?.player.stats,t=this.session?.status,n=this.session?.latency(),r=(e?.underruns??0)+(t?.underruns??0);return L`<dl>
      <div><dt>Latency</dt><dd>${n?`${n.total.toFixed(0)} ms`:`–`}</dd></div>
      <div><dt>Buffer</dt><dd>${e?.playing?`${(e.depth/48).toFixed(0)} ms`:`–`}</dd></div>
      <div><dt>Underruns</dt><dd id="underruns" class=${r>0?`bad`:``}>${r}</dd></div>
      <div>
        <dt><abbr title="Real-time factor: compute seconds per second of sound">RTF</abbr></dt>
        <dd class=${(t?.rtf??0)>.95?`bad`:``}>${t?.rtf?t.rtf.toFixed(2):`–`}</dd>
      </div>
    </dl>`}};customElements.define(`legato-readouts`,Ka);var qa=class extends G{constructor(...e){super(...e),this.setSeconds=e=>{let t=e.target,n=Number(t.value);n>=.5&&n<=120&&(this.desk.fade.seconds=n),t.value=String(this.desk.fade.seconds)},this.load=async e=>{let t=e.target,[n]=t.files??[];n&&this.desk.scenes.import(await n.text()),t.value=``}}static{this.styles=[K,O`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1.7fr) minmax(300px, 1fr);
        gap: 12px 28px;
        align-items: start;
      }
      .slots {
        display: grid;
        grid-template-columns: repeat(8, minmax(0, 1fr));
        gap: 6px;
        margin-top: 8px;
      }
      .slots button {
        display: grid;
        grid-template-rows: auto 1fr;
        height: 54px;
        padding: 6px 9px;
        border-radius: 9px;
        background: var(--raised);
        text-align: left;
      }
      .slots .learn {
        outline-offset: 0;
      }
      .slots button:hover {
        background: var(--lifted);
      }
      .slots button.empty {
        background: none;
        box-shadow: inset 0 0 0 1px var(--line);
        color: var(--faint);
      }
      .slots b {
        font: 500 12px/1.3 var(--sans);
        font-variant-numeric: tabular-nums;
        color: var(--dim);
      }
      .slots span {
        align-self: end;
        font-size: 12px;
        line-height: 1.3;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .slots button.current {
        background: var(--mine-soft);
        box-shadow: inset 0 0 0 1.5px var(--mine);
      }
      .slots.store button,
      .slots.clear button:not(.empty) {
        box-shadow: inset 0 0 0 1.5px var(--mine);
      }
      .slots.clear button:not(.empty) {
        box-shadow: inset 0 0 0 1.5px var(--alarm);
      }
      .fade {
        display: flex;
        align-items: center;
        gap: 8px;
        height: 54px;
        margin-top: 8px;
      }
      select.field {
        flex: none;
        width: 52px;
        height: 34px;
        padding: 0 18px 0 10px;
        background-position: right 7px center;
      }
      .fade input[type="range"] {
        flex: 1;
        min-width: 60px;
        appearance: none;
        height: 30px;
        margin: 0;
        background: none;
        cursor: pointer;
      }
      input[type="range"]::-webkit-slider-runnable-track {
        height: 5px;
        border-radius: 3px;
        background: var(--line);
      }
      input[type="range"]::-moz-range-track {
        height: 5px;
        border-radius: 3px;
        background: var(--line);
      }
      input[type="range"]::-webkit-slider-thumb {
        appearance: none;
        width: 12px;
        height: 26px;
        margin-top: -10.5px;
        border-radius: 4px;
        background: var(--text);
      }
      input[type="range"]::-moz-range-thumb {
        width: 12px;
        height: 26px;
        border: 0;
        border-radius: 4px;
        background: var(--text);
      }
      .seconds {
        display: flex;
        align-items: center;
        gap: 5px;
        font-size: 12.5px;
        color: var(--dim);
      }
      .seconds input {
        width: 48px;
        height: 28px;
        padding: 0 6px;
        border-radius: 8px;
        text-align: right;
        font-size: 13px;
        color: var(--text);
      }
      input[type="file"] {
        display: none;
      }
      @media (max-width: 1080px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (max-width: 720px) {
        .slots {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
        .fade {
          height: 40px;
        }
      }
      @media (max-width: 420px) {
        .head h2 {
          flex-basis: 100%;
        }
        .head {
          flex-wrap: wrap;
        }
      }
    `]}render(){if(!this.session?.hello)return null;let{scenes:e,fade:t}=this.desk;return L`
      <div>
        <div class="head">
          <h2>Scenes</h2>
          <button class="chip" aria-pressed=${e.armed===`store`} title="Store what is there now: S, then a number" @click=${()=>e.arm(`store`)}>Store</button>
          <button class="chip" aria-pressed=${e.armed===`clear`} @click=${()=>e.arm(`clear`)}>Clear</button>
          <button class="chip" @click=${()=>this.save()}>Export</button>
          <button class="chip" @click=${()=>this.renderRoot.querySelector(`[type=file]`)?.click()}>Import</button>
          <input type="file" accept="application/json,.json" aria-label="File of scenes" @change=${this.load} />
        </div>
        <div class="slots ${e.armed}" role="group" aria-label="Scenes">${e.slots.map((e,t)=>this.slotButton(e,t))}</div>
      </div>
      <div>
        <div class="head">
          <h2>Crossfade</h2>
          <label class="seconds"
            ><input
              class="field"
              type="number"
              min="0.5"
              max="120"
              step="0.5"
              aria-label="Seconds a fade takes"
              .value=${String(t.seconds)}
              @change=${this.setSeconds}
            />s</label
          >
          <button class="chip" aria-pressed=${t.running} title="To the other end (F)" @click=${()=>t.go()}>${t.running?`Hold`:`Fade`}</button>
        </div>
        <div class="fade ${this.markClass(`fade`)}" data-learn="fade" data-learn-label=${this.learnLabel(`fade`)}>
          ${this.end(`a`)}
          <input
            type="range"
            min="0"
            max="1"
            step="0.005"
            aria-label="Crossfade from scene ${t.a+1} to scene ${t.b+1}"
            .value=${String(t.at)}
            @input=${e=>t.slide(Number(e.target.value))}
          />
          ${this.end(`b`)}
        </div>
      </div>
    `}slotButton(e,t){let{scenes:n}=this.desk,r=e?Ja(e):`empty`,i=`scene.${t+1}`;return L`<button
      class="${e?``:`empty`} ${n.current===t?`current`:``} ${this.markClass(i)}"
      data-learn=${i}
      data-learn-label=${this.learnLabel(i)}
      aria-label="Scene ${t+1}: ${r}"
      title=${e?`${r}; Shift-click glides to it`:`Click to store what is there now`}
      @click=${e=>e.shiftKey?this.desk.fade.glide(t):n.press(t)}
      @keydown=${e=>e.key===`Delete`&&n.clear(t)}
    >
      <b>${t+1}</b><span>${e?r:``}</span>
    </button>`}end(e){let{fade:t,scenes:n}=this.desk;return L`<select class="field" aria-label="Scene ${e.toUpperCase()} of the crossfade" @change=${n=>t.choose(e,Number(n.target.value))}>
      ${n.slots.map((n,r)=>L`<option value=${r} .selected=${r===t[e]}>${r+1}</option>`)}
    </select>`}save(){let e=document.createElement(`a`);e.href=URL.createObjectURL(new Blob([this.desk.scenes.export()],{type:`application/json`})),e.download=`legato-scenes.json`,e.click(),window.setTimeout(()=>URL.revokeObjectURL(e.href),1e4)}};function Ja(e){let[t]=Object.entries(y(e.surface)).toSorted(([,e],[,t])=>t-e);return[t?.[0],e.key,e.bpm&&`${e.bpm.toFixed(0)} bpm`].filter(Boolean).join(`, `)}customElements.define(`legato-scenes`,qa);var Ya=[[`density`,`Density`,[`sparse`,`dense`]],[`brightness`,`Brightness`,[`dark`,`bright`]],[`loudness`,`Loudness`,[`quiet`,`loud`]]],Xa=class extends G{static{this.styles=[K,O`
      :host {
        container-type: inline-size;
      }
      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        margin-top: 10px;
      }
      .three {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 20px;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .line > span {
        flex: 1;
        font-size: 14px;
      }
      .line em {
        font-style: normal;
        color: var(--conductor);
      }
      .key select:first-of-type {
        flex: 0 0 84px;
      }
      .key select:last-of-type {
        flex: 0 1 160px;
      }
      @container (max-width: 400px) {
        .key em {
          display: none;
        }
      }
      @container (max-width: 460px) {
        .three {
          grid-template-columns: minmax(0, 1fr);
          gap: 10px;
        }
      }
    `]}render(){let e=this.session?.hello,t=this.session?.controls;if(!e||!t)return L`<div class="head"><h2>Shape</h2></div>`;let{history:n,heardIndex:r}=this.session,i=n.beatAt(r),a=n.barAt(i)??n.bars[0]??null,o=n.nowAt(r);return L`
      <div class="head"><h2>Shape</h2></div>
      <div class="stack">
        ${W(e,`bpm`)?this.tempo(t,e,o?.bpm??null):null}
        <div class="three">
          ${Ya.filter(([t])=>W(e,t)).map(([e,n,r])=>this.scalar(e,n,r,t,a))}
        </div>
        ${W(e,`key`)?this.key(t,e,o?.key??null):null}
        ${this.session.status?.listen?this.listen(t,this.session.status.listen):null}
      </div>
    `}tempo(e,t,n){let[r,i]=t.ranges.bpm;return L`<legato-fader
      label="Tempo"
      .value=${e.bpm}
      .planned=${n}
      .low=${r}
      .high=${i}
      .step=${1}
      .digits=${0}
      .neutral=${100}
      class=${this.markClass(`bpm`)}
      data-learn="bpm"
      data-learn-label=${this.learnLabel(`bpm`)}
      @pick=${e=>this.desk.change({bpm:e.detail})}
      ><button class="chip" title="Tap the tempo (T)" @click=${()=>this.desk.tap()}>Tap</button></legato-fader
    >`}listen(e,t){return L`<legato-fader
      label="Listen"
      title=${t.open?`What ${t.name} plays becomes the past that the music goes on from.`:`${t.name} is not there.`}
      .value=${e.listen}
      .initial=${.5}
      .ends=${[`itself`,`you`]}
      @pick=${e=>this.session.steer({listen:e.detail},`now`)}
    ></legato-fader>`}scalar(e,t,n,r,i){return L`<legato-fader
      .label=${t}
      .value=${r[e]}
      .planned=${r.conductor===`on`&&i?i[e]:null}
      .ends=${n}
      class=${this.markClass(e)}
      data-learn=${e}
      data-learn-label=${this.learnLabel(e)}
      @pick=${t=>this.desk.change({[e]:t.detail})}
    ></legato-fader>`}key(e,t,n){let[r,i]=e.key?w(e.key):[``,w(n??`C major`)[1]],a=e.key?`mine`:``,o=(e,t)=>this.desk.change({key:e?`${e} ${t}`:null}),s=e=>e.target.value;return L`<div class="line key ${this.waitClass(`key`)}">
      <span>Key ${!e.key&&n?L`<em>${T(n,n)}</em>`:null}</span>
      <select class="field ${a}" aria-label="Key: tonic" @change=${e=>o(s(e),i)}>
        <option value="" ?selected=${!r}>open</option>
        ${t.pitch_classes.map(e=>L`<option value=${e} .selected=${e===r}>${T(e)}</option>`)}
      </select>
      <select
        class="field ${a}"
        aria-label="Key: mode"
        @change=${e=>o(r||w(n??`C major`)[0],s(e))}
      >
        ${Object.keys(t.modes).map(e=>L`<option value=${e} .selected=${e===i}>${e}</option>`)}
      </select>
      <button class="release" ?hidden=${!e.key} aria-label="Let go of the key" title="Let go of the key" @click=${()=>o(``,``)}>×</button>
    </div>`}};customElements.define(`legato-shape`,Xa);var Za=class extends U{static{this.styles=[K,O`
      dialog {
        width: min(760px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        padding: 22px 26px 26px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: #0008;
      }
      .sections {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(280px, 1fr));
        gap: 20px 36px;
        margin-top: 12px;
      }
      h3 {
        margin: 0 0 6px;
        font: italic 18px var(--score);
      }
      dl {
        display: grid;
        grid-template-columns: 112px 1fr;
        gap: 7px 12px;
        margin: 0;
        font-size: 13px;
        line-height: 1.4;
      }
      dt {
        color: var(--mine);
      }
      dd {
        margin: 0;
      }
    `]}render(){return L`<dialog aria-label="Shortcuts" @click=${e=>e.target===e.currentTarget&&this.close()}>
      <div class="head">
        <h2>Shortcuts</h2>
        <button class="chip" @click=${()=>this.close()}>Close</button>
      </div>
      <div class="sections">
        ${Gi.map(([e,t])=>L`<section>
              <h3>${e}</h3>
              <dl>${t.map(([e,t])=>L`<dt>${e}</dt><dd>${t}</dd>`)}</dl>
            </section>`)}
      </div>
    </dialog>`}toggle(){let e=this.renderRoot.querySelector(`dialog`);e?.open?e.close():e?.showModal()}close(){this.renderRoot.querySelector(`dialog`)?.close()}};customElements.define(`legato-shortcuts`,Za);var Qa=`legato.theme`,$a=[`auto`,`dark`,`light`],eo=window.matchMedia(`(prefers-color-scheme: light)`);function to(){return $a.find(e=>e===localStorage.getItem(Qa))??`auto`}function no(){let e=$a[($a.indexOf(to())+1)%$a.length];return localStorage.setItem(Qa,e),ro(),e}function ro(){let e=to();document.documentElement.dataset.theme=e===`auto`?eo.matches?`light`:`dark`:e,window.dispatchEvent(new Event(`legato-theme`))}eo.addEventListener(`change`,ro);var io={auto:`Colours as the system has them`,dark:`Dark colours`,light:`Light colours`},ao=class extends G{static{this.styles=[K,O`
      :host {
        display: flex;
        gap: 2px;
      }
      button {
        display: grid;
        place-items: center;
        width: 36px;
        height: 36px;
        border-radius: 10px;
        color: var(--dim);
      }
      button:hover:not(:disabled) {
        background: var(--raised);
        color: var(--text);
      }
      button:disabled {
        opacity: 0.35;
      }
      button[aria-pressed="true"] {
        background: var(--mine-soft);
        color: var(--mine);
      }
    `]}render(){if(!this.session)return null;let{desk:e}=this;return L`
      ${this.button(`Undo (Ctrl Z)`,X.undo,()=>e.undo(),!e.history.canUndo)}
      ${this.button(`Redo (Ctrl Shift Z)`,X.redo,()=>e.redo(),!e.history.canRedo)}
      ${this.button(`Roll the dice (D)`,X.dice,()=>e.randomise(),!this.session.hello)}
      <button aria-label="MIDI learn" title="MIDI learn (M)" aria-pressed=${e.midi.learning} @click=${()=>void e.midi.toggleLearn()}>${X.midi}</button>
      ${this.button(`${io[to()]} (L)`,X.theme,()=>this.recolour())}
      ${this.button(`Shortcuts (?)`,X.help,()=>this.dispatchEvent(new CustomEvent(`help`)))}
    `}recolour(){no(),this.requestUpdate()}button(e,t,n,r=!1){return L`<button aria-label=${e.replace(/ \(.*\)/,``)} title=${e} ?disabled=${r} @click=${n}>${t}</button>`}};customElements.define(`legato-tools`,ao);var $=-54,oo=1.2,so=4,co=e=>20*Math.log10(Math.max(e,1e-6)),lo=e=>`${Math.max(0,Math.min(100,100*(e-$)/54))}%`,uo=class extends G{constructor(...e){super(...e),this.held=[$,$],this.shown=null,this.reports=0,this.still=()=>void 0}static{this.styles=[K,O`
      .side {
        position: relative;
        height: 8px;
        margin-bottom: 5px;
        border-radius: 4px;
        background: var(--raised);
        overflow: hidden;
      }
      .side b {
        position: absolute;
        inset: 0;
        background: linear-gradient(to right, color-mix(in srgb, var(--conductor-fill) 70%, var(--raised)) 0%, var(--conductor-fill) 55%, var(--mine-fill) 82%, var(--alarm) 98%);
        clip-path: inset(0 calc(100% - var(--level, 0%)) 0 0);
      }
      .side i {
        position: absolute;
        inset: 0;
        border-left: 2px solid var(--text);
        transform: translateX(max(0px, calc(var(--peak, 0%) - 2px))); /* moving it lays nothing out anew */
      }
      .scale {
        display: flex;
        justify-content: space-between;
        font-size: 11.5px;
        color: var(--faint);
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 720px) {
        .side {
          height: 4px;
          margin-bottom: 3px;
        }
        .scale {
          display: none;
        }
      }
    `]}connectedCallback(){super.connectedCallback(),this.still=ti(()=>this.show())}disconnectedCallback(){super.disconnectedCallback(),this.still()}render(){return L`
      <div role="meter" aria-label="Level" aria-valuemin=${$} aria-valuemax="0" aria-valuenow=${$}>
        <div class="side"><b></b><i></i></div>
        <div class="side"><b></b><i></i></div>
      </div>
      <div class="scale"><span>level</span><output>silent</output></div>
    `}show(){let e=this.session?.loudness??null,t=this.renderRoot.querySelectorAll(`.side`);if(!(!e||e===this.shown||t.length<2)){this.shown=e;for(let n of[0,1])this.held[n]=Math.max(co(e.peak[n]),this.held[n]-oo,$),t[n]?.style.setProperty(`--level`,lo(10*Math.log10(Math.max(e.power[n],1e-12)))),t[n]?.style.setProperty(`--peak`,lo(this.held[n]));this.reports++%so===0&&this.tell(Math.max(...this.held))}}tell(e){let t=e<=$?`silent`:`peak ${e.toFixed(1)} dB`;this.renderRoot.querySelector(`output`)?.replaceChildren(t),this.renderRoot.querySelector(`[role=meter]`)?.setAttribute(`aria-valuenow`,e.toFixed(0))}};customElements.define(`legato-meter`,uo);var fo=34,po={now:`Changes are heard at once`,beat:`Changes wait for the next beat`,bar:`Changes wait for the next bar`},mo=class extends G{static{this.styles=[K,O`
      :host {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .segments button {
        padding: 0 13px;
        font: 12.5px var(--sans);
      }
      .segments button[aria-pressed="true"]:not(:first-child) {
        background: var(--mine-fill);
        color: var(--on-mine);
      }
      .waiting {
        display: flex;
        align-items: center;
        gap: 6px;
        height: 28px;
        padding: 0 9px 0 11px;
        border: 1.5px dashed var(--mine);
        border-radius: 99px;
        white-space: nowrap;
        font: 12.5px var(--sans);
        color: var(--mine);
      }
      .waiting:hover {
        background: var(--mine-soft);
      }
      @media (max-width: 720px) {
        .waiting {
          overflow: hidden;
          max-width: 130px;
          text-overflow: ellipsis;
        }
        .segments {
          flex: 1;
        }
        .segments button {
          flex: 1;
          height: 28px;
        }
      }
    `]}render(){let e=this.session?.time;if(!e)return null;let t=e.pending.map(({changes:e})=>An(e)).join(`; `),n=e.pending.reduce((e,{changes:t})=>e+Object.keys(t).length,0);return L`
      <div class="segments" role="group" aria-label="When changes take effect">
        ${He.map(t=>L`<button aria-pressed=${e.quantise===t} title="${po[t]} (Q)" @click=${()=>e.choose(t)}>${t}</button>`)}
      </div>
      ${n>0?L`<button class="waiting" aria-label="Waiting: ${t}. Withdraw" title="${t}. Click to withdraw" @click=${()=>e.cancel()}>${t.length>fo?`${n} waiting`:t} ×</button>`:null}
      ${e.quantise!==`now`&&this.session.status?.beat_known===!1?L`<span class="quiet">no beat to wait for</span>`:null}
      <span class="visually-hidden" role="status">${t?`Waiting: ${t}`:``}</span>
    `}};customElements.define(`legato-quantise`,mo);var ho={off:`Record`,armed:`Armed`,recording:``,saving:`Saving`},go={off:`Record what sounds, or the next start (C)`,armed:`Records from the first sample on; again to call it off (C)`,recording:`End the take (C)`,saving:`The files are being finished`},_o=class extends G{constructor(...e){super(...e),this.onKey=e=>{e.isComposing||e.key!==`Enter`&&e.key!==`Escape`||(e.preventDefault(),e.key===`Escape`?this.desk.takes.setLabel(``):this.desk.takes.phase===`recording`&&this.desk.takes.mark(),e.target.blur())}}static{this.styles=[K,O`
      :host {
        display: flex;
        gap: 8px;
        align-items: center;
        justify-content: end;
      }
      .pill {
        display: flex;
        align-items: center;
        gap: 8px;
        height: 40px;
        padding: 0 14px 0 12px;
        border: 1px solid var(--line);
        border-radius: 99px;
        font-size: 13.5px;
        white-space: nowrap;
        color: var(--dim);
      }
      button.pill:hover:not(:disabled) {
        color: var(--text);
        border-color: var(--faint);
      }
      .record {
        justify-content: center;
        min-width: 104px;
        font-variant-numeric: tabular-nums;
      }
      .record i {
        flex: none;
        width: 11px;
        height: 11px;
        border-radius: 50%;
        background: var(--record);
      }
      .record.armed {
        border-color: var(--record);
        color: var(--text);
      }
      .record.armed i {
        animation: breathe 1.2s ease-in-out infinite alternate;
      }
      .record.recording,
      .record.recording:hover:not(:disabled) {
        border-color: transparent;
        background: var(--record);
        color: var(--on-record);
        font-size: 15px;
        font-weight: 500;
      }
      .record.recording i {
        border-radius: 2px;
        background: currentColor;
      }
      .lost {
        font-size: 12.5px;
        color: var(--alarm);
        white-space: nowrap;
      }
      .marks {
        gap: 0;
        padding: 0;
      }
      .marks:focus-within {
        border-color: var(--faint);
      }
      .marks button {
        display: grid;
        place-items: center;
        align-self: stretch;
        width: 38px;
        padding-left: 4px;
        border-radius: 99px 0 0 99px;
        color: var(--text);
      }
      .marks button:hover {
        background: var(--raised);
      }
      .marks input {
        width: 92px;
        min-width: 0;
        height: 100%;
        padding: 0 12px 0 2px;
        border: 0;
        border-radius: 0 99px 99px 0;
        background: none;
        color: var(--text);
      }
      .marks input:first-child {
        width: 130px;
        padding-left: 16px;
        border-radius: 99px;
      }
      .marks input::placeholder {
        color: var(--dim);
        opacity: 1;
      }
      @keyframes breathe {
        to {
          opacity: 0.25;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .record.armed i {
          animation: none;
        }
      }
      @media (max-width: 720px) {
        :host {
          flex-wrap: wrap;
          gap: 6px;
        }
        .lost {
          flex: 1 1 100%;
        }
        .pill {
          height: 36px;
          font-size: 13px;
        }
        .marks {
          flex: 1 1 90px;
        }
        .marks input:first-child,
        .marks input {
          width: 100%;
        }
      }
    `]}render(){let e=this.session?.desk.takes;if(!e?.offer)return null;let{phase:t}=e,n=Math.round(e.offer.keep_seconds),r=e.state.recording?.lost_seconds??0,i=t===`recording`||this.desk.midi.learning;return L`
      ${r>0?L`<span class="lost" title="The disk is slow; so much of the file is silence">${r.toFixed(1)} s lost</span>`:null}
      <div class="pill marks ${this.markClass(`take.mark`)}" data-learn="take.mark" data-learn-label=${this.learnLabel(`take.mark`)}>
        ${i?L`<button aria-label="Mark this moment as ${e.nextMark}" title="Mark this moment (N)" @click=${()=>e.mark()}>${X.mark}</button>`:null}
        <input
          aria-label=${i?`Name of the next mark`:`Name of the next take`}
          maxlength=${e.longest}
          autocomplete="off"
          enterkeyhint="done"
          placeholder=${i?e.nextMark:`take name`}
          .value=${e.label}
          @input=${t=>e.setLabel(t.target.value)}
          @keydown=${this.onKey}
        />
      </div>
      <button
        class="pill record ${t} ${this.markClass(`take.record`)}"
        data-learn="take.record"
        data-learn-label=${this.learnLabel(`take.record`)}
        aria-label="Record"
        aria-pressed=${e.on}
        title=${go[t]}
        @click=${()=>e.record()}
      >
        <i></i>${t===`recording`?Zt(e.state.recording?.seconds??0):ho[t]}
      </button>
      <button
        class="pill keep ${this.markClass(`take.keep`)}"
        data-learn="take.keep"
        data-learn-label=${this.learnLabel(`take.keep`)}
        aria-label="Keep the last ${n} seconds"
        title="Keep the last ${n} seconds as a take (B)"
        ?disabled=${!e.canKeep&&!this.desk.midi.learning}
        @click=${()=>e.keep()}
      >
        ${X.keep}Keep ${n} s
      </button>
      <span class="visually-hidden" role="status">${{off:``,armed:`Armed`,recording:`Recording`,saving:`Saving the take`}[t]}</span>
    `}};customElements.define(`legato-takes`,_o);var vo=class extends G{constructor(...e){super(...e),this.still=()=>void 0,this.beatShown=-1,this.chordShown=null}static{this.styles=[K,O`
      :host {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: 18px 32px;
        align-items: center;
      }
      .go {
        display: grid;
        place-items: center;
        width: 68px;
        height: 68px;
        border-radius: 50%;
        background: var(--mine-fill);
        color: var(--on-mine);
        transition: background 0.15s, transform 0.12s;
      }
      .go:hover:not(:disabled) {
        background: var(--mine-bright);
      }
      .go:active:not(:disabled) {
        transform: scale(0.96);
      }
      .go.playing,
      .go.playing:hover {
        background: none;
        box-shadow: inset 0 0 0 2px var(--mine);
        color: var(--mine);
      }
      .go.playing:hover {
        background: var(--mine-soft);
      }
      .go svg {
        width: 26px;
        height: 26px;
        fill: currentColor;
      }
      .hands {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      .small {
        display: grid;
        place-items: center;
        width: 40px;
        height: 40px;
        border: 1px solid var(--line);
        border-radius: 50%;
        color: var(--dim);
      }
      .small:hover:not(:disabled) {
        color: var(--text);
        border-color: var(--faint);
      }
      .small.panic:hover {
        color: var(--alarm);
        border-color: var(--alarm);
      }
      .out {
        display: grid;
        gap: 10px;
      }
      legato-meter {
        min-width: clamp(160px, 20vw, 240px);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 36px;
        margin: 0;
      }
      dt {
        font-size: 12px;
        color: var(--dim);
      }
      dd {
        margin: 0;
        min-width: 2.4em;
        font: 29px/1.15 var(--score);
        font-variant-numeric: lining-nums tabular-nums;
        white-space: nowrap;
      }
      dd small {
        font: 14px var(--sans);
        color: var(--dim);
      }
      .beats {
        display: flex;
        gap: 9px;
        align-items: center;
        height: 37px;
      }
      .beats i {
        width: 11px;
        height: 11px;
        border-radius: 50%;
        background: var(--line);
      }
      .beats i.on {
        background: var(--mine-fill);
      }
      .changes {
        display: flex;
        flex: 1 1 100%;
        gap: 12px;
        align-items: center;
      }
      .changes dd {
        font: inherit;
      }
      @media (max-width: 720px) {
        .changes {
          grid-column: 1 / -1;
        }
        .changes dt {
          display: none;
        }
        .changes dd {
          flex: 1;
        }
        :host {
          grid-template-columns: auto minmax(0, 1fr);
          gap: 6px 14px;
        }
        .out {
          grid-column: 1 / -1;
          gap: 6px;
        }
        .hands {
          gap: 7px;
        }
        .go {
          width: 52px;
          height: 52px;
        }
        .small {
          width: 36px;
          height: 36px;
        }
        dl {
          display: grid;
          grid-template-columns: minmax(0, 0.8fr) minmax(0, 1.2fr);
          gap: 2px 10px;
        }
        dt {
          font-size: 10.5px;
        }
        dd {
          font-size: 18px;
          overflow: hidden;
          text-overflow: ellipsis;
        }
        dd small {
          display: none;
        }
        .beats {
          gap: 6px;
          height: 20px;
        }
        .beats i {
          width: 9px;
          height: 9px;
        }
      }
    `]}connectedCallback(){super.connectedCallback(),this.still=ti(()=>this.follow())}disconnectedCallback(){super.disconnectedCallback(),this.still()}render(){let{playing:e=!1,connection:t=`connecting`}=this.session??{},n=this.session?.history.nowAt(this.session.heardIndex)??null,r=n?.beats_per_bar??4;return L`
      <div class="hands">
        <button
          class="go ${e?`playing`:``}"
          aria-label=${e?`Stop`:`Start`}
          ?disabled=${t!==`open`&&!e}
          @click=${()=>void this.session.toggle()}
        >
          ${e?L`<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="5" y="5" width="14" height="14" rx="2" /></svg>`:L`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 4.5v15a1 1 0 0 0 1.5.9l12-7.5a1 1 0 0 0 0-1.8l-12-7.5A1 1 0 0 0 7 4.5Z" /></svg>`}
        </button>
        <button class="small" aria-label="From the top" title="From the top (R)" ?disabled=${t!==`open`} @click=${()=>void this.session.restart()}>${X.restart}</button>
        <button class="small panic" aria-label="Panic" title="All notes off, fade out (Shift Esc)" @click=${()=>this.desk.panic()}>${X.panic}</button>
      </div>
      <dl>
        <div><dt>Chord</dt><dd>${T(this.chordShown??n?.chord??`–`,n?.key)}</dd></div>
        <div><dt>Key</dt><dd>${T(n?.key??`–`,n?.key)}</dd></div>
        <div><dt>Tempo</dt><dd>${n?n.bpm.toFixed(1).replace(/\.0$/,``):`–`} <small>bpm</small></dd></div>
        <div><dt>Beat</dt><dd class="beats" role="img" aria-label="Beat of the bar">${Array.from({length:r},(e,t)=>L`<i class=${t===this.beatShown?`on`:``}></i>`)}</dd></div>
        <div class="changes"><dt id="changes">Changes</dt><dd><legato-quantise .session=${this.session}></legato-quantise></dd></div>
      </dl>
      <div class="out">
        ${this.session?.hello?.takes?L`<legato-takes .session=${this.session}></legato-takes>`:null}
        <legato-meter .session=${this.session}></legato-meter>
      </div>
    `}follow(){if(!this.session)return;let{history:e,playing:t,heardIndex:n}=this.session,r=t?e.nowAt(n):null,i=e.beatAt(n),a=e.barAt(i),o=r?Math.floor(a?i-a.start_beat:i%r.beats_per_bar):-1,s=r?e.chordAt(i):this.chordShown;(o!==this.beatShown||s!==this.chordShown)&&(this.beatShown=o,this.chordShown=s,this.requestUpdate())}};customElements.define(`legato-transport`,vo);var yo=`legato.xy`,bo={x:`brightness`,y:`density`},xo=class extends G{constructor(...e){super(...e),this.chosen=So(),this.holding=!1,this.grab=e=>{e.button!==0||this.desk.midi.learning||(this.holding=!0,e.currentTarget.setPointerCapture(e.pointerId),this.move(e))},this.key=e=>{let t=Pa(e);if(t)this.set(this.place(`x`)+t.x,this.place(`y`)-t.y);else if(e.key===`Delete`||e.key===`Backspace`)this.letGo();else return;e.preventDefault()}}static{this.styles=[K,O`
      :host {
        display: flex;
        flex-direction: column;
      }
      .pad {
        position: relative;
        flex: 1;
        min-height: 140px;
        margin-top: 10px;
        border-radius: 12px;
        background: var(--raised)
          linear-gradient(var(--line), var(--line)) 50% 0 / 1px 100% no-repeat;
        touch-action: none;
        cursor: crosshair;
      }
      .pad::before {
        content: "";
        position: absolute;
        inset: 50% 0 auto;
        height: 1px;
        background: var(--line);
      }
      .pad u {
        position: absolute;
        background: var(--colour);
        opacity: 0.55;
      }
      .pad u.v {
        top: 0;
        bottom: 0;
        width: 1px;
      }
      .pad u.h {
        left: 0;
        right: 0;
        height: 1px;
      }
      .pad i {
        position: absolute;
        width: 20px;
        height: 20px;
        border: 2px solid var(--colour);
        border-radius: 50%;
        background: var(--surface);
        transform: translate(-50%, -50%);
      }
      .pad.held i {
        background: var(--mine-fill);
      }
      .axes {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-top: 8px;
      }
      .axes label {
        display: flex;
        align-items: center;
        gap: 6px;
        font-size: 12.5px;
        color: var(--dim);
      }
      select.field {
        flex: 1;
        width: 100%;
        height: 30px;
        padding: 0 22px 0 10px;
        background-position: right 8px center;
        border-radius: 8px;
        font-size: 13px;
        color: var(--text);
      }
    `]}get axes(){let[e,t]=Br(this.session?.hello,[this.chosen.x,this.chosen.y],x);return{x:e,y:t}}render(){if(!this.session?.hello||!this.session.controls)return null;let[e,t]=[this.place(`x`),1-this.place(`y`)],n=this.value(`x`)!==null||this.value(`y`)!==null;return L`
      <div class="head"><h2>XY</h2></div>
      <button
        class="pad ${n?`held`:``}"
        style="--colour: var(${n?`--mine`:`--conductor`})"
        aria-label="${C[this.axes.x]} ${Math.round(100*e)} percent across, ${C[this.axes.y]} ${Math.round(100*(1-t))} percent up; arrow keys move both, Delete lets go"
        data-moves
        title="Drag; double-click lets go"
        @pointerdown=${this.grab}
        @pointermove=${e=>this.holding&&this.move(e)}
        @pointerup=${()=>this.holding=!1}
        @pointercancel=${()=>this.holding=!1}
        @dblclick=${()=>this.letGo()}
        @keydown=${this.key}
      >
        <u class="v" style="left: ${100*e}%"></u><u class="h" style="top: ${100*t}%"></u><i style="left: ${100*e}%; top: ${100*t}%"></i>
      </button>
      <div class="axes">${this.choice(`x`,`Across`)} ${this.choice(`y`,`Up`)}</div>
    `}choice(e,t){return L`<label
      >${t}
      <select class="field" @change=${t=>this.assign(e,t.target.value)}>
        ${x.filter(e=>W(this.session.hello,e)).map(t=>L`<option value=${t} .selected=${t===this.axes[e]}>${C[t]}</option>`)}
      </select></label
    >`}value(e){return this.session.controls?.[this.axes[e]]??null}place(e){let t=this.axes[e],[n,r]=this.range(t),{history:i,heardIndex:a}=this.session,o=i.barAt(i.beatAt(a))??i.bars[0],s=t===`bpm`?i.nowAt(a)?.bpm:o?.[t],c=this.value(e)??s??(n+r)/2;return Math.min(1,Math.max(0,(c-n)/(r-n)))}range(e){return this.session.hello?.ranges[e]??[0,1]}set(e,t){let n=(e,t)=>{let[n,r]=this.range(this.axes[e]);return Number((n+(r-n)*Math.min(1,Math.max(0,t))).toFixed(this.axes[e]===`bpm`?0:3))};this.desk.change({[this.axes.x]:n(`x`,e),[this.axes.y]:n(`y`,t)},`xy`)}move(e){let{x:t,y:n}=ja(e,e.currentTarget);this.set(t,1-n)}letGo(){let e=this.session.hello?.controls;e&&this.desk.change({[this.axes.x]:e[this.axes.x],[this.axes.y]:e[this.axes.y]},`xy`)}assign(e,t){this.chosen={...this.axes,[e]:t},localStorage.setItem(yo,JSON.stringify(this.chosen)),this.requestUpdate()}};function So(){try{let{x:e,y:t}=JSON.parse(localStorage.getItem(yo)??`{}`),n=e=>x.find(t=>t===e);return{x:n(e)??bo.x,y:n(t)??bo.y}}catch{return bo}}customElements.define(`legato-xy`,xo);var Co={connecting:`connecting`,open:`connected`,lost:`connection lost, trying again`,busy:`all players are taken`,locked:`a token is needed`},wo=class extends G{constructor(...e){super(...e),this.keys=null}static{this.styles=[K,O`
      main {
        max-width: 1520px;
        margin: 0 auto;
        padding: 10px clamp(14px, 3vw, 40px) 24px;
      }
      header,
      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 24px;
      }
      header {
        min-height: 44px;
      }
      header h1 {
        margin-right: auto;
      }
      h1 {
        position: relative;
        margin: 0;
        font: italic 30px/1 var(--score);
        letter-spacing: 0.01em;
      }
      h1 svg {
        position: absolute;
        left: 6px;
        top: -9px;
        width: 74px;
        height: 12px;
        fill: var(--mine-fill);
      }
      .state {
        display: flex;
        align-items: center;
        gap: 9px;
        font-size: 13px;
        color: var(--dim);
      }
      .state i {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--faint);
      }
      .state.open i {
        background: var(--good);
      }
      .state:is(.lost, .busy, .locked) i {
        background: var(--alarm);
      }
      legato-horizon {
        margin: 6px calc(-1 * clamp(14px, 3vw, 40px)) 14px;
      }
      .panels {
        display: grid;
        grid-template: "prompts shape band" auto "prompts chords xy" 1fr / minmax(0, 1.15fr) minmax(0, 1.35fr) minmax(0, 0.95fr);
        gap: var(--gap);
      }
      legato-prompts {
        grid-area: prompts;
      }
      legato-shape {
        grid-area: shape;
      }
      legato-band {
        grid-area: band;
      }
      legato-chords {
        grid-area: chords;
      }
      legato-xy {
        grid-area: xy;
      }
      .panels.few {
        grid-template: none / minmax(0, 1.3fr);
        grid-auto-flow: column;
        grid-auto-columns: minmax(0, 1fr);
      }
      .panels.few > * {
        grid-area: auto;
      }
      .board {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        margin: 14px 0 10px;
      }
      .panel {
        padding: 12px 18px 16px;
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--line) 55%, transparent);
      }
      footer legato-advanced {
        flex: 1 1 100%;
      }
      .toast {
        position: fixed;
        left: 50%;
        bottom: 24px;
        display: flex;
        align-items: center;
        gap: 14px;
        width: max-content;
        max-width: min(620px, calc(100vw - 32px));
        padding: 12px 12px 12px 20px;
        border-radius: 12px;
        background: var(--alarm-ground);
        border: 1px solid var(--alarm-line);
        font-size: 14.5px;
        line-height: 1.4;
        transform: translateX(-50%);
        animation: rise 0.2s ease-out;
      }
      .toast.note {
        background: var(--note-ground);
        border-color: var(--note-line);
      }
      .toast button {
        width: 28px;
        height: 28px;
        border-radius: 50%;
        font-size: 17px;
        color: var(--dim);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translate(-50%, 12px);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .toast {
          animation: none;
        }
      }
      @media (max-width: 1080px) {
        .panels.few {
          grid-auto-flow: row;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
        }
        .panels {
          grid-template: "prompts shape" auto "band chords" auto "xy chords" 1fr / minmax(0, 1fr) minmax(0, 1fr);
        }
      }
      @media (max-width: 720px) {
        main {
          padding-top: 12px;
        }
        header legato-readouts {
          order: 3;
          flex: 1 1 100%;
        }
        .panels {
          grid-template: "prompts" "shape" "chords" "band" "xy" / minmax(0, 1fr);
        }
        .panel {
          padding: 10px 14px 14px;
        }
        legato-transport {
          position: sticky;
          top: 0;
          z-index: 5;
          margin: 0 -14px;
          padding: 8px 14px;
          background: var(--ink);
          box-shadow: 0 1px 0 var(--line);
        }
      }
    `]}willUpdate(){super.willUpdate(),this.session&&!this.keys&&(this.keys=new na(this.session,{help:()=>this.help(),fold:()=>this.renderRoot.querySelector(`legato-horizon`)?.fold(),recolour:()=>this.renderRoot.querySelector(`legato-tools`)?.recolour()}))}help(){this.renderRoot.querySelector(`legato-shortcuts`)?.toggle()}particulars(){let{hello:e,status:t,connection:n}=this.session??{};if(!e||n!==`open`)return[];let r=t?.link;return[e.model,...e.device?[`sound from ${e.device.name}`]:[],...r?[r.peers===0?`Link, alone`:`Link with ${r.peers}`]:[]]}render(){let e=this.session,t=e?.hello,n=e?.connection??`connecting`,r=e?.status?.warning;return L`
      <main>
        <header>
          <h1>
            <svg viewBox="0 0 74 12" aria-hidden="true"><path d="M0 12C18-3 56-3 74 12 55 1.500 19 1.500 0 12Z" /></svg>Legato
          </h1>
          <legato-readouts .session=${e}></legato-readouts>
          <div class="state ${n}" role="status"><i></i>${[Co[n],...this.particulars()].join(` · `)}</div>
          <legato-tools .session=${e} @help=${()=>this.help()}></legato-tools>
        </header>
        <legato-horizon .session=${e}></legato-horizon>
        <legato-transport .session=${e}></legato-transport>
        <div class="board">
          ${e?.desk.midi.learning?L`<legato-learn-bar .session=${e}></legato-learn-bar>`:null}
          <legato-plan class="panel" .session=${e}></legato-plan>
          <legato-scenes class="panel" .session=${e}></legato-scenes>
          <div class="panels ${W(t,`chord`)?``:`few`}">
            <legato-prompts class="panel" .session=${e}></legato-prompts>
            ${W(t,`bpm`,`key`,`density`,`brightness`,`loudness`)?L`<legato-shape class="panel" .session=${e}></legato-shape>`:null}
            ${W(t,`conductor`,...S)?L`<legato-band class="panel" .session=${e}></legato-band>`:null}
            ${W(t,`chord`)?L`<legato-chords class="panel" .session=${e}></legato-chords>`:null}
            <legato-xy class="panel" .session=${e}></legato-xy>
          </div>
          ${W(t,`notes`)?L`<legato-piano class="panel" .session=${e}></legato-piano>`:null}
        </div>
        <footer>
          ${r?L`<span class="quiet" role="status">${r}</span>`:null}
          <legato-advanced .session=${e}></legato-advanced>
        </footer>
      </main>
      <legato-shortcuts></legato-shortcuts>
      ${n===`locked`?L`<legato-door></legato-door>`:null}
      <div role="alert">
        ${e?.toast?L`<div class="toast ${e.toast.kind}">
              <span>${e.toast.text}</span><button aria-label="Dismiss" @click=${()=>e.dismiss()}>×</button>
            </div>`:null}
      </div>
    `}};customElements.define(`legato-app`,wo),ro();var To=new URL(`ws`,document.baseURI);To.protocol=To.protocol===`https:`?`wss:`:`ws:`;var Eo=new URLSearchParams(location.search);To.search=Eo.has(`format`)?`format=${encodeURIComponent(Eo.get(`format`)??``)}`:``;var Do=Number(Eo.get(`buffer`)),Oo=new zn(To.href,Do>=20&&Do<=2e3?Do/1e3:void 0),ko=document.querySelector(`legato-app`);ko&&(ko.session=Oo),Object.assign(window,{legato:{session:Oo,get stats(){return Oo.player.stats},capture:e=>Oo.player.capture(e)}});