var e=new URL(`worklet.js`,import.meta.url).href,t=48e3,n=class{constructor(e,t={}){this.events=e,this.buffer=t,this.stats=null,this.roundTrip=null,this.context=null,this.node=null,this.starting=null,this.waiting=[],this.link=new Worker(new URL(new URL(`link.worker.js`,import.meta.url).href,``+import.meta.url),{type:`module`,name:`link`}),this.link.onmessage=e=>this.fromLink(e.data)}connect(e){this.toLink({kind:`open`,url:e})}send(e){this.toLink({kind:`send`,text:JSON.stringify(e)})}async start(){this.starting??=this.open().catch(e=>{throw this.starting=null,e}),await this.starting,await this.context?.resume()}stop(){this.toWorklet({kind:`stop`})}reset(){this.toWorklet({kind:`reset`})}capture(e){return this.toWorklet({kind:`capture`,frames:e}),new Promise(e=>this.waiting.push(e))}get outputLatency(){let e=this.context;return e?e.baseLatency+(e.outputLatency||0):0}get heardIndex(){if(!this.stats||!this.context)return 0;let e=this.stats.playing?this.context.currentTime-this.stats.contextTime:0;return this.stats.index+(e-this.outputLatency)*t}async open(){if(!window.AudioContext||!window.isSecureContext)throw Error(`This browser gives sound only on a secure page: open it on localhost or over https.`);let t=r();await t.audioWorklet.addModule(e);let n=new AudioWorkletNode(t,`legato-player`,{numberOfInputs:0,outputChannelCount:[2],processorOptions:this.buffer});n.port.onmessage=e=>this.fromWorklet(e.data),n.connect(t.destination);let{port1:i,port2:a}=new MessageChannel;this.context=t,this.node=n,this.toWorklet({kind:`link`,port:i},[i]),this.toLink({kind:`audio`,port:a},[a])}fromLink(e){e.kind===`opened`?this.events.opened():e.kind===`closed`?this.events.closed(e.code,e.reason):e.kind===`text`?this.events.text(e.text):e.kind===`round-trip`?this.roundTrip=e.milliseconds:this.events.problem(e.reason)}fromWorklet(e){e.kind===`report`?(this.stats=e,this.events.report(e)):this.waiting.shift()?.(e)}toLink(e,t=[]){this.link.postMessage(e,t)}toWorklet(e,t=[]){this.node?.port.postMessage(e,t)}};function r(){try{return new AudioContext({sampleRate:t,latencyHint:`interactive`})}catch{return new AudioContext({latencyHint:`interactive`})}}var i=48e3,a=64,o=1200,s=class{constructor(){this.bars=[],this.heardLevels=[],this.anchors=[],this.stream=0}begin(e){(e!==this.stream||e===0)&&(this.stream=e,this.bars=[],this.anchors=[],this.heardLevels=[])}note(e){this.begin(e.stream);let t=e.plan[0];if(t){let n=this.bars.filter(e=>e.index<t.index);this.bars=[...n.filter(e=>e.start_beat>t.start_beat-a),...e.plan]}e.now&&(this.anchors=[...this.anchors,e.now].slice(-64))}heard(e){if(!e.playing||e.stream!==this.stream)return;let t=Math.sqrt(Math.max(...e.power));this.heardLevels.push({index:e.index,beat:this.beatAt(e.index),level:t,peak:Math.max(...e.peak)}),this.heardLevels.length>o&&this.heardLevels.shift()}beatAt(e){let t=this.nowAt(e);return t?t.beat+(e-t.sample)/i*(t.bpm/60):0}nowAt(e){let t=this.anchors[0]??null;for(let n of this.anchors)n.sample<=e&&(t=n);return t}barAt(e){return this.bars.find(t=>e>=t.start_beat&&e<t.start_beat+t.beats)??null}chordAt(e){let t=this.barAt(e),n=t?.chords[0]?.[1]??null;if(t)for(let[r,i]of t.chords)t.start_beat+r<=e+1e-6&&(n=i);return n}},c=40,l=1200,u=[300,800,1500,3e3],d=5e3,f=1,p=`legato.controls`,m=class extends EventTarget{constructor(e,t){super(),this.url=e,this.connection=`connecting`,this.hello=null,this.status=null,this.controls=null,this.playing=!1,this.toast=null,this.history=new s,this.pending={},this.changedAt=-1/0,this.attempts=0,this.wasOpen=!1;let r=t===void 0?{}:{targetSeconds:t},i={opened:()=>void 0,closed:()=>this.onClosed(),text:e=>this.onText(e),report:e=>this.onReport(e),problem:e=>this.say(e)};this.player=new n(i,r),this.player.connect(e)}steer(e){this.controls&&(this.controls={...this.controls,...e},this.pending={...this.pending,...e},this.changedAt=performance.now(),this.flushTimer??=window.setTimeout(()=>this.flush(),c),sessionStorage.setItem(p,JSON.stringify(this.controls)),this.changed())}async toggle(){this.playing?this.stop():await this.start()}async start(){try{await this.player.start()}catch(e){this.say(e instanceof Error?e.message:String(e));return}this.playing=!0,this.flush(),this.connection===`open`&&this.player.send({type:`start`}),this.changed()}stop(){this.playing=!1,this.player.stop(),this.player.send({type:`stop`}),this.changed()}say(e,t=`error`){this.toast={text:e,kind:t},window.clearTimeout(this.toastTimer),this.toastTimer=window.setTimeout(()=>this.dismiss(),6e3),this.changed()}dismiss(){this.toast=null,this.changed()}latency(){let e=this.player.stats;if(!e||!this.status||!this.playing)return null;let t=[...Object.entries(this.status.latency),[`network`,(this.player.roundTrip??0)/2],[`page buffer`,e.depth/48e3*1e3],[`sound card`,this.player.outputLatency*1e3]];return{terms:t,total:t.reduce((e,[,t])=>e+t,0)}}flush(){window.clearTimeout(this.flushTimer),this.flushTimer=void 0,this.connection===`open`&&Object.keys(this.pending).length!==0&&(this.player.send({type:`steer`,...this.pending}),this.pending={})}onText(e){let t=JSON.parse(e);t.type===`hello`?this.onHello(t):t.type===`status`?this.onStatus(t):t.type===`started`?this.history.begin(t.stream):t.type===`error`&&this.onError(t.code,t.message),this.changed()}onHello(e){if(e.protocol!==f){this.say(`The server speaks protocol ${e.protocol}, this page ${f}: reload the page.`);return}this.hello=e,this.player.reset(),this.history.begin(0),this.connection=`open`,this.attempts=0;let t=this.controls??ee();this.controls={...e.controls,...t},t&&this.player.send({type:`steer`,...this.controls}),this.pending={},this.playing&&this.player.send({type:`start`}),this.wasOpen&&this.say(`Connected again.`,`note`),this.wasOpen=!0}onStatus(e){this.status=e,this.history.note(e),performance.now()-this.changedAt>l&&(this.controls=e.controls)}onError(e,t){e===`busy`&&(this.connection=`busy`),e===`control`&&(this.changedAt=-1/0),this.say(t)}onReport(e){this.history.heard(e),this.dispatchEvent(new Event(`report`))}onClosed(){let e=this.connection===`busy`;!e&&this.connection===`open`&&this.say(`Connection lost; trying again.`),e||(this.connection=`lost`),this.status=null;let t=e?d:u[Math.min(this.attempts++,u.length-1)];window.setTimeout(()=>this.player.connect(this.url),t),this.changed()}changed(){this.dispatchEvent(new Event(`change`))}};function ee(){try{return JSON.parse(sessionStorage.getItem(p)??`null`)}catch{return null}}var h=globalThis,g=h.ShadowRoot&&(h.ShadyCSS===void 0||h.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,_=Symbol(),te=new WeakMap,ne=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==_)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(g&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=te.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&te.set(t,e))}return e}toString(){return this.cssText}},re=e=>new ne(typeof e==`string`?e:e+``,void 0,_),v=(e,...t)=>new ne(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,_),ie=(e,t)=>{if(g)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),r=h.litNonce;r!==void 0&&t.setAttribute(`nonce`,r),t.textContent=n.cssText,e.appendChild(t)}},ae=g?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return re(t)})(e):e,{is:oe,defineProperty:se,getOwnPropertyDescriptor:ce,getOwnPropertyNames:le,getOwnPropertySymbols:ue,getPrototypeOf:de}=Object,y=globalThis,fe=y.trustedTypes,pe=fe?fe.emptyScript:``,me=y.reactiveElementPolyfillSupport,b=(e,t)=>e,he={toAttribute(e,t){switch(t){case Boolean:e=e?pe:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},ge=(e,t)=>!oe(e,t),_e={attribute:!0,type:String,converter:he,reflect:!1,useDefault:!1,hasChanged:ge};Symbol.metadata??=Symbol(`metadata`),y.litPropertyMetadata??=new WeakMap;var x=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=_e){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&se(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=ce(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??_e}static _$Ei(){if(this.hasOwnProperty(b(`elementProperties`)))return;let e=de(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(b(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(b(`properties`))){let e=this.properties,t=[...le(e),...ue(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(ae(e))}else e!==void 0&&t.push(ae(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return ie(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?he:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?he:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??ge)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};x.elementStyles=[],x.shadowRootOptions={mode:`open`},x[b(`elementProperties`)]=new Map,x[b(`finalized`)]=new Map,me?.({ReactiveElement:x}),(y.reactiveElementVersions??=[]).push(`2.1.2`);var ve=globalThis,ye=e=>e,S=ve.trustedTypes,be=S?S.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,xe=`$lit$`,C=`lit$${Math.random().toFixed(9).slice(2)}$`,Se=`?`+C,Ce=`<${Se}>`,w=document,T=()=>w.createComment(``),E=e=>e===null||typeof e!=`object`&&typeof e!=`function`,D=Array.isArray,we=e=>D(e)||typeof e?.[Symbol.iterator]==`function`,O=`[ 	
\f\r]`,k=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Te=/-->/g,Ee=/>/g,A=RegExp(`>|${O}(?:([^\\s"'>=/]+)(${O}*=${O}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),De=/'/g,Oe=/"/g,ke=/^(?:script|style|textarea|title)$/i,j=(e=>(t,...n)=>({_$litType$:e,strings:t,values:n}))(1),M=Symbol.for(`lit-noChange`),N=Symbol.for(`lit-nothing`),Ae=new WeakMap,P=w.createTreeWalker(w,129);function je(e,t){if(!D(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return be===void 0?t:be.createHTML(t)}var Me=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=k;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===k?c[1]===`!--`?o=Te:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=A):(ke.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=A):o=Ee:o===A?c[0]===`>`?(o=i??k,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?A:c[3]===`"`?Oe:De):o===Oe||o===De?o=A:o===Te||o===Ee?o=k:(o=A,i=void 0);let d=o===A&&e[t+1].startsWith(`/>`)?` `:``;a+=o===k?n+Ce:l>=0?(r.push(s),n.slice(0,l)+xe+n.slice(l)+C+d):n+C+(l===-2?t:d)}return[je(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},F=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Me(t,n);if(this.el=e.createElement(l,r),P.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=P.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(xe)){let t=u[o++],n=i.getAttribute(e).split(C),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?Pe:r[1]===`?`?Fe:r[1]===`@`?Ie:R}),i.removeAttribute(e)}else e.startsWith(C)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(ke.test(i.tagName)){let e=i.textContent.split(C),t=e.length-1;if(t>0){i.textContent=S?S.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],T()),P.nextNode(),c.push({type:2,index:++a});i.append(e[t],T())}}}else if(i.nodeType===8){if(i.data===Se)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(C,e+1))!==-1;)c.push({type:7,index:a}),e+=C.length-1}}a++}}static createElement(e,t){let n=w.createElement(`template`);return n.innerHTML=e,n}};function I(e,t,n=e,r){if(t===M)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=E(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=I(e,i._$AS(e,t.values),i,r)),t}var Ne=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??w).importNode(t,!0);P.currentNode=r;let i=P.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new L(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Le(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=P.nextNode(),a++)}return P.currentNode=w,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},L=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=N,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=I(this,e,t),E(e)?e===N||e==null||e===``?(this._$AH!==N&&this._$AR(),this._$AH=N):e!==this._$AH&&e!==M&&this._(e):e._$litType$===void 0?e.nodeType===void 0?we(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==N&&E(this._$AH)?this._$AA.nextSibling.data=e:this.T(w.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=F.createElement(je(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new Ne(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=Ae.get(e.strings);return t===void 0&&Ae.set(e.strings,t=new F(e)),t}k(t){D(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(T()),this.O(T()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=ye(e).nextSibling;ye(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},R=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=N,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=N}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=I(this,e,t,0),a=!E(e)||e!==this._$AH&&e!==M,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=I(this,r[n+o],t,o),s===M&&(s=this._$AH[o]),a||=!E(s)||s!==this._$AH[o],s===N?e=N:e!==N&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===N?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},Pe=class extends R{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===N?void 0:e}},Fe=class extends R{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==N)}},Ie=class extends R{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=I(this,e,t,0)??N)===M)return;let n=this._$AH,r=e===N&&n!==N||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==N&&(n===N||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Le=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){I(this,e)}},Re={M:xe,P:C,A:Se,C:1,L:Me,R:Ne,D:we,V:I,I:L,H:R,N:Fe,U:Ie,B:Pe,F:Le},ze=ve.litHtmlPolyfillSupport;ze?.(F,L),(ve.litHtmlVersions??=[]).push(`3.3.3`);var Be=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new L(t.insertBefore(T(),e),e,void 0,n??{})}return i._$AI(e),i},z=globalThis,B=class extends x{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Be(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return M}};B._$litElement$=!0,B.finalized=!0,z.litElementHydrateSupport?.({LitElement:B});var Ve=z.litElementPolyfillSupport;Ve?.({LitElement:B}),(z.litElementVersions??=[]).push(`4.2.2`);var V=class extends B{constructor(...e){super(...e),this.redraw=()=>this.requestUpdate(),this.watched=null}static{this.properties={session:{attribute:!1}}}willUpdate(){this.watched!==this.session&&(this.unwatch(),this.session?.addEventListener(`change`,this.redraw),this.watched=this.session)}connectedCallback(){super.connectedCallback(),this.requestUpdate()}disconnectedCallback(){super.disconnectedCallback(),this.unwatch()}unwatch(){this.watched?.removeEventListener(`change`,this.redraw),this.watched=null}},H=v`
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
    outline: 2px solid var(--text);
    outline-offset: 2px;
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
      url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='10' height='6'%3E%3Cpath d='M1 1l4 4 4-4' fill='none' stroke='%2398a1b0' stroke-width='1.5'/%3E%3C/svg%3E")
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
`,He=class extends B{static{this.properties={label:{},value:{attribute:!1},planned:{attribute:!1},low:{type:Number},high:{type:Number},step:{type:Number},digits:{type:Number},neutral:{type:Number},fixed:{type:Boolean},ends:{attribute:!1}}}constructor(){super(),this.value=this.planned=this.ends=null,this.low=0,this.high=1,this.step=.01,this.digits=2,this.neutral=.5,this.fixed=!1}static{this.styles=[H,v`
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
        --colour: var(--mine);
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
        background: var(--ink);
        transition: transform 0.12s;
      }
      input[type="range"]::-moz-range-thumb {
        width: 14px;
        height: 14px;
        border-radius: 50%;
        border: 2px solid var(--colour);
        background: var(--ink);
      }
      .held input[type="range"]::-webkit-slider-thumb {
        background: var(--mine);
      }
      .held input[type="range"]::-moz-range-thumb {
        background: var(--mine);
      }
      .unknown input[type="range"]::-webkit-slider-thumb {
        border-color: var(--faint);
      }
      input[type="range"]:active::-webkit-slider-thumb {
        transform: scale(1.2);
      }
    `]}render(){let e=this.value!==null,t=this.value??this.planned,n=t??this.neutral,r=`${100*(n-this.low)/(this.high-this.low)}%`;return j`
      <div class=${e?`held`:t===null?`unknown`:`planned`}>
        <div class="head">
          <label for="slider">${this.label}</label>
          <slot></slot>
          <input
            class="number"
            inputmode="decimal"
            aria-label="${this.label}, as a number"
            .value=${t===null?`open`:t.toFixed(this.digits)}
            @change=${this.typed}
            @focus=${e=>e.target.select()}
          />
          ${this.fixed?null:j`<button
                class="release"
                ?hidden=${!e}
                title="Let go of ${this.label.toLowerCase()}"
                aria-label="Let go of ${this.label.toLowerCase()}"
                @click=${()=>this.give(null)}
              >
                ×
              </button>`}
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
          @dblclick=${()=>this.fixed||this.give(null)}
          @keydown=${this.key}
        />
        ${this.ends?j`<div class="ends"><span>${this.ends[0]}</span><span>${this.ends[1]}</span></div>`:null}
      </div>
    `}key(e){this.fixed||e.key!==`Delete`&&e.key!==`Backspace`||this.give(null)}typed(e){let t=e.target,n=t.value.trim().replace(`,`,`.`),r=Number(n);!this.fixed&&(n===``||n===`open`)?this.give(null):Number.isFinite(r)&&n!==``&&this.give(Math.min(this.high,Math.max(this.low,r))),this.requestUpdate(),t.value=(this.value??this.planned)?.toFixed(this.digits)??`open`}give(e){this.dispatchEvent(new CustomEvent(`pick`,{detail:e}))}};customElements.define(`legato-fader`,He);var Ue={wait:`waiting for the chunk`,compute:`computing it`},We=e=>`${e<10?e.toFixed(1):e.toFixed(0)} ms`,Ge=class extends V{static{this.styles=[H,v`
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
    `]}render(){let e=this.session?.hello,t=this.session?.controls;return!e||!t?null:j`<details>
      <summary>Advanced</summary>
      <div class="inside">
        <div class="stack">
          ${this.fader(`guidance`,`Guidance`,[`loose`,`strict`],t,e)}
          ${this.fader(`temperature`,`Temperature`,[`calm`,`wild`],t,e)}
        </div>
        <div class="stack">${this.seed(t,e)} ${this.steps(t,e)}</div>
        ${this.latency()} ${this.counters()}
      </div>
    </details>`}fader(e,t,n,r,i){let[a,o]=i.ranges[e];return j`<legato-fader
      .label=${t}
      .value=${r[e]}
      .low=${a}
      .high=${o}
      .step=${.05}
      .fixed=${!0}
      .ends=${n}
      @pick=${t=>this.session.steer({[e]:t.detail})}
    ></legato-fader>`}seed(e,t){let n=e=>this.session.steer({seed:e});return j`<div class="line">
      <span>Seed</span>
      <input
        class="field seed"
        inputmode="numeric"
        aria-label="Seed"
        .value=${String(e.seed)}
        @change=${e=>n(Number(e.target.value))}
      />
      <button class="dice" @click=${()=>n(Math.floor(Math.random()*t.limits.seed))}>Roll</button>
    </div>`}steps(e,t){return j`<div class="line">
      <span>Steps per chunk</span>
      <select class="field" aria-label="Steps per chunk" @change=${e=>this.session.steer({steps:Number(e.target.value)})}>
        ${t.steps.map(t=>j`<option value=${t} .selected=${t===e.steps}>${t}</option>`)}
      </select>
    </div>`}latency(){let e=this.session.latency();return j`<table>
      <caption>
        Gesture to sound
      </caption>
      <tbody>
        ${e?[...e.terms,[`in all`,e.total]].map(([e,t])=>j`<tr><th scope="row">${Ue[e]??e}</th><td>${We(t)}</td></tr>`):j`<tr><th scope="row">starts with the sound</th><td></td></tr>`}
      </tbody>
    </table>`}counters(){let e=this.session.player.stats,t=this.session.status;return j`<table>
      <caption>
        Stream
      </caption>
      <tbody>
        ${[[`frames played`,(e?.played??0).toLocaleString(`en`)],[`frames lost`,(e?.lost??0).toLocaleString(`en`)],[`underruns, page / engine`,`${e?.underruns??0} / ${t?.underruns??0}`],[`dropped by the server`,String(t?.dropped??0)],[`buffer wanted`,We((e?.target??0)/48e3*1e3)]].map(([e,t])=>j`<tr><th scope="row">${e}</th><td>${t}</td></tr>`)}
      </tbody>
    </table>`}};customElements.define(`legato-advanced`,Ge);var Ke=[`drums`,`bass`,`chords`,`lead`],qe={drums:`Drums`,bass:`Bass`,chords:`Chords`,lead:`Lead`},Je=class extends V{static{this.styles=[H,v`
      .families {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 10px;
        margin-top: 14px;
      }
      .family {
        position: relative;
      }
      .pad {
        display: grid;
        align-content: space-between;
        width: 100%;
        height: 84px;
        padding: 12px 14px;
        border-radius: 12px;
        background: var(--raised);
        text-align: left;
        font-size: 16px;
      }
      .pad:hover {
        background: #232934;
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
        background: var(--mine);
        color: #221503;
        box-shadow: none;
      }
      .pad.held small {
        color: var(--mine);
      }
      .pad.held.sounding small {
        color: #4a3109;
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
        color: #221503;
      }
      fieldset {
        display: flex;
        align-items: center;
        gap: 6px;
        margin: 20px 0 0;
        padding: 0;
        border: 0;
      }
      legend {
        float: left;
        margin-right: auto;
        padding: 0;
        font-size: 14px;
      }
      fieldset label {
        padding: 7px 14px;
        border-radius: 99px;
        border: 1px solid var(--line);
        font-size: 13.5px;
        color: var(--dim);
        cursor: pointer;
      }
      fieldset label:has(:checked) {
        border-color: var(--conductor);
        color: var(--conductor);
        background: var(--conductor-soft);
      }
      fieldset label:has(:focus-visible) {
        outline: 2px solid var(--text);
        outline-offset: 2px;
      }
      p {
        margin: 10px 0 0;
        font-size: 12.5px;
        line-height: 1.45;
        color: var(--dim);
      }
    `]}render(){let e=this.session?.controls;if(!e)return j`<h2>Band</h2>`;let{history:t,player:n}=this.session,r=t.barAt(t.beatAt(n.heardIndex))??t.bars[0]??null;return j`
      <h2>Band</h2>
      <div class="families">${Ke.map(t=>this.family(t,e,r))}</div>
      <fieldset>
        <legend>Conductor</legend>
        ${[`on`,`free`].map(t=>j`<label>
              <input
                class="visually-hidden"
                type="radio"
                name="conductor"
                value=${t}
                .checked=${e.conductor===t}
                @change=${()=>this.session.steer({conductor:t})}
              />${t}
            </label>`)}
      </fieldset>
      <p>
        ${e.conductor===`on`?`Plans whatever you leave open, a few bars ahead. Touch a control to take it over, × to give it back.`:`The model alone decides whatever you leave open.`}
      </p>
    `}family(e,t,n){let r=t[e],i=t.conductor===`on`&&n?n.gates[e]:null,a=r??i??!1,o=r===null?i===null?`open`:i?`playing`:`resting`:r?`on`:`off`;return j`<div class="family">
      <button
        class="pad ${r===null?``:`held`} ${a?`sounding`:``}"
        aria-label="${qe[e]}: ${o}"
        @click=${()=>this.session.steer({[e]:!(r??i??!0)})}
      >
        <span>${qe[e]}</span><small>${o}</small>
      </button>
      <button
        class="release"
        ?hidden=${r===null}
        aria-label="Let go of ${e}"
        title="Let go of ${e}"
        @click=${()=>this.session.steer({[e]:null})}
      >
        ×
      </button>
    </div>`}};customElements.define(`legato-band`,Je);var Ye=7,Xe={"major pentatonic":`major`,"minor pentatonic":`minor`,blues:`dorian`};function U(e){let t=e.indexOf(` `);return t<0?[e,`major`]:[e.slice(0,t),e.slice(t+1)]}function Ze(e,t){let[n,r]=U(e),i=t.modes[Xe[r]??r],a=t.pitch_classes.indexOf(n);return!i||a<0||i.length!==Ye?[]:i.map((e,n)=>{let r=Qe([0,2,4].map(t=>ot(i[(n+t)%Ye]-e)),t.qualities);return`${t.pitch_classes[ot(a+e)]}${r}`})}function Qe(e,t){let n=[...e].sort((e,t)=>e-t).join();for(let[e,r]of Object.entries(t))if([...r].sort((e,t)=>e-t).join()===n)return e;return`5`}var $e={minor:3,dorian:10,phrygian:8,lydian:7,mixolydian:5,locrian:1},et=new Set([1,3,5,8,10]),tt=new Set([2,4,6,7,9,11]),nt=[`C`,`C#`,`D`,`Eb`,`E`,`F`,`F#`,`G`,`Ab`,`A`,`Bb`,`B`],rt={"C#":`Db`,"F#":`Gb`,"D#":`Eb`,"G#":`Ab`,"A#":`Bb`},it={Eb:`D#`,Ab:`G#`,Bb:`A#`,Db:`C#`,Gb:`F#`};function W(e,t=null){return e.replace(/^[A-G][#b]/,e=>at(t)[e]??e).replace(/#/g,`♯`).replace(/(?<=[A-G0-9m])b/g,`♭`).replace(/dim/,`°`)}function at(e){if(!e)return{};let[t,n]=U(e),r=$e[n]??(n.includes(`minor`)||n===`blues`?3:0),i=ot(nt.indexOf(t)+r);return et.has(i)?rt:tt.has(i)?it:{}}function ot(e){return(e%12+12)%12}var st=30;function ct(e){let t=0,n=0,r=i=>{n=requestAnimationFrame(r),i-t<1e3/st-4||(t=i,e())};return n=requestAnimationFrame(r),()=>cancelAnimationFrame(n)}var lt=24,G=`255, 180, 84`,K=`108, 192, 207`,ut=`"Iowan Old Style", Palatino, "Book Antiqua", Georgia, "Times New Roman", serif`,q=(e,t)=>e.nowX+(t-e.beat)*e.perBeat;function dt(e,t){let n=20*Math.log10(Math.max(t,1e-5));return Math.max(0,(n+50)/50)*e.height*.3}function ft(e,t,n){let r=n.map(e=>({x:q(t,e.beat),y:dt(t,e.level),p:dt(t,e.peak)})).filter(e=>e.x>-20&&e.x<=t.nowX+2),i=r.at(-1);if(!(r.length<2||!i)){i.x>t.nowX-t.perBeat&&r.push({...i,x:t.nowX});for(let[n,i]of[[`p`,.22],[`y`,.8]]){let a=e.createLinearGradient(0,0,t.nowX,0);a.addColorStop(0,`rgba(${G}, 0)`),a.addColorStop(.55,`rgba(${G}, ${.35*i})`),a.addColorStop(1,`rgba(${G}, ${i})`),e.fillStyle=a,e.beginPath();for(let i of r)e.lineTo(i.x,t.middle-i[n]-.75);for(let i of r.toReversed())e.lineTo(i.x,t.middle+i[n]+.75);e.fill()}}}function pt(e,t,n){if(n.length===0)return;let r=e.createLinearGradient(t.nowX,0,t.width,0);r.addColorStop(0,`rgba(${K}, 0.2)`),r.addColorStop(1,`rgba(${K}, 0.03)`),e.fillStyle=r;for(let r of n){let n=Math.max(t.nowX,q(t,r.start_beat)),i=q(t,r.start_beat+r.beats)-2,a=t.height*(.03+.16*r.loudness);i<=n||(e.beginPath(),e.roundRect(n,t.middle-a,i-n,2*a,5),e.fill())}}function mt(e,t,n,r){let i=q(t,n.start_beat),a=i<t.nowX-1?.4:1;e.fillStyle=`rgba(236, 238, 242, ${.12*a})`,e.fillRect(i-.5,46,1,t.height-46),ht(e,t,n),e.font=`21px ${ut}`;let o=-1/0;for(let[i,s]of n.chords){let c=q(t,n.start_beat+i)+7;c<o||(e.fillStyle=`rgba(236, 238, 242, ${a})`,e.fillText(r(s,n.key),c,46),o=c+e.measureText(r(s,n.key)).width+6)}}function ht(e,t,n){let r=q(t,n.start_beat)+2,i=n.beats*t.perBeat-4,a=r+i<t.nowX;Ke.forEach((o,s)=>{e.fillStyle=n.gates[o]?`rgba(${K}, ${a?.3:.8})`:`rgba(236, 238, 242, 0.05)`,e.fillRect(r,t.height-lt+s*6,i,3)})}function gt(e,t,n){e.font=`italic 17px ${ut}`;let r=n.filter((e,t)=>e.section!==n[t-1]?.section);r.forEach((n,i)=>{let a=r[i+1],o=(a?q(t,a.start_beat):t.width)-e.measureText(n.section).width-12,s=Math.min(Math.max(q(t,n.start_beat)+7,16),o);e.fillStyle=`rgba(${K}, ${s<t.nowX?.6:.95})`,e.fillText(n.section,s,18)})}function _t(e,t){e.font=`italic 17px ${ut}`,e.fillStyle=`#6d7685`;let n=t.width>640;e.textAlign=`right`,e.fillText(n?`what you heard`:`heard`,t.nowX-22,t.middle+6),e.textAlign=`left`,e.fillText(n?`what comes next`:`to come`,t.nowX+22,t.middle+6)}function vt(e,t,n){if(n){let n=1-(t.beat-Math.floor(t.beat)),r=e.createLinearGradient(t.nowX-40,0,t.nowX+40,0);r.addColorStop(0,`rgba(${G}, 0)`),r.addColorStop(.5,`rgba(${G}, ${.05+.2*n*n})`),r.addColorStop(1,`rgba(${G}, 0)`),e.fillStyle=r,e.fillRect(t.nowX-40,24,80,t.height-24-lt)}e.fillStyle=n?`rgb(${G})`:`#6d7685`,e.fillRect(t.nowX-1,24,2,t.height-24-lt)}var yt=.54,bt=30,xt=14,St=640,Ct=8,wt=class extends V{constructor(...e){super(...e),this.still=()=>void 0,this.shownBeat=0,this.waited=0}static{this.styles=[H,v`
      :host {
        position: relative;
        height: clamp(190px, 30vh, 300px);
      }
      canvas {
        width: 100%;
        height: 100%;
        display: block;
      }
    `]}connectedCallback(){super.connectedCallback(),this.still=ct(()=>this.draw())}disconnectedCallback(){super.disconnectedCallback(),this.still()}render(){return j`<canvas role="img" 
      aria-label=${this.describe()}
      title="Left: what was heard. Right: the plan. Lines below: drums, bass, chords, lead."
    ></canvas>`}describe(){let e=this.session?.history.beatAt(this.session.player.heardIndex)??0,t=this.session?.history.bars.filter(t=>t.start_beat>=e).slice(0,4)??[];return t.length===0?`Timeline of what was heard and what is planned`:`Next bars: ${t.map(e=>`${e.section}: ${e.chords.map(([,e])=>e).join(`, `)}`).join(`; `)}`}draw(){if(!this.session?.playing&&this.waited++%Ct!==0)return;let e=this.renderRoot.querySelector(`canvas`),t=e?.getContext(`2d`);if(!e||!t)return;let{width:n,height:r}=Et(e,t);t.clearRect(0,0,n,r);let i=this.view(n,r);this.paint(t,i)}view(e,t){let{history:n,player:r,playing:i}=this.session,a=i?n.beatAt(r.heardIndex):this.shownBeat;this.shownBeat=Math.abs(a-this.shownBeat)<1?this.shownBeat+(a-this.shownBeat)*.35:a;let o=e<St?xt:bt;return{width:e,height:t,beat:this.shownBeat,nowX:e*yt,perBeat:e/o,middle:t*.56}}paint(e,t){let{history:n,playing:r}=this.session,i=n.bars.filter(e=>Tt(e,t));pt(e,t,i.filter(e=>e.start_beat+e.beats>t.beat)),ft(e,t,n.heardLevels);for(let n of i)mt(e,t,n,W);gt(e,t,i),i.length===0&&_t(e,t),vt(e,t,r)}};function Tt(e,t){let n=t.nowX+(e.start_beat-t.beat)*t.perBeat;return n<t.width&&n+e.beats*t.perBeat>0}function Et(e,t){let n=Math.min(2,window.devicePixelRatio||1),r=e.clientWidth,i=e.clientHeight;return(e.width!==Math.round(r*n)||e.height!==Math.round(i*n))&&(e.width=Math.round(r*n),e.height=Math.round(i*n)),t.setTransform(n,0,0,n,0,0),{width:r,height:i}}customElements.define(`legato-horizon`,wt);var Dt={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Ot=e=>(...t)=>({_$litDirective$:e,values:t}),kt=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:At}=Re,jt=e=>e,Mt=()=>document.createComment(``),J=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new At(r.insertBefore(Mt(),i),r.insertBefore(Mt(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=jt(e).nextSibling;jt(r).insertBefore(e,i),e=t}}}return n},Y=(e,t,n=e)=>(e._$AI(t,n),e),Nt={},Pt=(e,t=Nt)=>e._$AH=t,Ft=e=>e._$AH,It=e=>{e._$AR(),e._$AA.remove()},Lt=(e,t,n)=>{let r=new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},Rt=Ot(class extends kt{constructor(e){if(super(e),e.type!==Dt.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=Ft(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=Y(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=Y(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=Y(i[d],a[m]),J(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=Y(i[f],a[p]),J(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=Lt(o,p,m),u=Lt(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=J(e,i[d]);Y(t,a[p]),c[p]=t}else c[p]=Y(n,a[p]),J(e,i[d],n),i[t]=null;p++}else It(i[f]),f--}else It(i[d]),d++;for(;p<=m;){let t=J(e,c[m+1]);Y(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&It(e)}return this.ut=o,Pt(e,c),M}}),zt=class extends V{constructor(...e){super(...e),this.rows=[],this.lastId=0,this.shownFor=``}static{this.styles=[H,v`
      ul {
        list-style: none;
        margin: 14px 0 0;
        padding: 0;
        display: grid;
        gap: 14px;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 48px 28px;
        gap: 4px 8px;
        align-items: center;
      }
      .text {
        width: 100%;
        height: 42px;
        font-size: 15px;
      }
      .text:focus {
        border-color: var(--mine);
      }
      .text.edited {
        border-style: dashed;
        border-color: var(--mine);
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
        height: 6px;
        border-radius: 3px;
        background: linear-gradient(to right, var(--mine) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-moz-range-track {
        height: 6px;
        border-radius: 3px;
        background: linear-gradient(to right, var(--mine) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-webkit-slider-thumb {
        appearance: none;
        width: 18px;
        height: 18px;
        margin-top: -6px;
        border-radius: 50%;
        background: var(--mine);
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
      .ideas {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 18px;
      }
      @media (max-width: 720px) {
        .ideas {
          flex-wrap: nowrap;
          overflow-x: auto;
          margin-right: -14px;
          padding: 2px 14px 6px 2px;
          scrollbar-width: none;
        }
      }
      .ideas button {
        flex: none;
        padding: 6px 12px;
        border: 1px solid var(--line);
        border-radius: 99px;
        font-size: 13px;
        color: var(--dim);
      }
      .ideas button:hover:not(:disabled) {
        color: var(--text);
        border-color: var(--faint);
      }
      .ideas .add {
        color: var(--text);
        border-color: var(--faint);
      }
      .top {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
      }
    `]}render(){let e=this.session?.hello,t=this.session?.controls;if(!e||!t)return j`<h2>Prompts</h2>`;this.adopt(t.prompts);let n=this.rows.reduce((e,t)=>e+(t.text.trim()?t.weight:0),0),r=this.rows.length>=e.limits.prompts;return j`
      <div class="top"><h2>Prompts</h2><span class="quiet">Enter to play</span></div>
      <ul>
        ${Rt(this.rows,e=>e.id,r=>this.row(r,n,e.limits.prompt_characters,t.prompts))}
      </ul>
      <div class="ideas">
        <button class="add" ?disabled=${r} @click=${()=>this.add(``)}>+ Add prompt</button>
        ${e.styles.map(e=>j`<button ?disabled=${r||e.prompt in t.prompts} title="Add “${e.prompt}”" @click=${()=>this.add(e.prompt)}>
              ${e.name}
            </button>`)}
      </div>
    `}row(e,t,n,r){let i=t>0&&e.text.trim()?Math.round(100*e.weight/t):0;return j`<li>
      <input
        class="field text ${e.text.trim()in r?``:`edited`}"
        aria-label="Prompt"
        placeholder="describe the music"
        maxlength=${n}
        .value=${e.text}
        @input=${t=>this.edit(e,t.target.value)}
        @keydown=${e=>e.key===`Enter`&&this.apply()}
        @blur=${()=>this.apply()}
      />
      <span class="share">${i} %</span>
      <button class="remove" aria-label="Remove ${e.text||`empty prompt`}" ?disabled=${this.rows.length<2} @click=${()=>this.drop(e)}>
        ×
      </button>
      <input
        type="range"
        min="1"
        max="100"
        aria-label="Weight of ${e.text||`empty prompt`}"
        aria-valuetext="${i} percent of the mix"
        style="--fill: ${e.weight}%"
        .value=${String(e.weight)}
        @input=${t=>this.weigh(e,Number(t.target.value))}
      />
    </li>`}adopt(e){let t=JSON.stringify(e);if(t===this.shownFor||(this.shownFor=t,t===JSON.stringify(this.asPrompts())))return;let n=Math.max(...Object.values(e)),r=n>1?100/n:100;this.rows=Object.entries(e).map(([e,t])=>this.newRow(e,Math.max(1,Math.round(t*r))))}newRow(e,t){return{id:++this.lastId,text:e,weight:t}}asPrompts(){let e={};for(let{text:t,weight:n}of this.rows)t.trim()&&(e[t.trim()]=(e[t.trim()]??0)+n/100);return e}apply(){let e=this.asPrompts(),t=JSON.stringify(e);Object.keys(e).length>0&&t!==this.shownFor&&(this.shownFor=t,this.session.steer({prompts:e})),this.requestUpdate()}edit(e,t){e.text=t,this.requestUpdate()}weigh(e,t){e.weight=t,this.apply()}add(e){this.rows=[...this.rows,this.newRow(e,60)],e?this.apply():this.focusLast()}async focusLast(){this.requestUpdate(),await this.updateComplete;let e=this.renderRoot.querySelectorAll(`.text`);e[e.length-1]?.focus()}drop(e){this.rows=this.rows.filter(t=>t!==e),this.apply()}};customElements.define(`legato-prompts`,zt);var Bt=class extends V{static{this.styles=[H,v`
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
    `]}render(){let e=this.session?.player.stats,t=this.session?.status,n=this.session?.latency(),r=(e?.underruns??0)+(t?.underruns??0);return j`<dl>
      <div><dt>Latency</dt><dd>${n?`${n.total.toFixed(0)} ms`:`–`}</dd></div>
      <div><dt>Buffer</dt><dd>${e?.playing?`${(e.depth/48).toFixed(0)} ms`:`–`}</dd></div>
      <div><dt>Underruns</dt><dd id="underruns" class=${r>0?`bad`:``}>${r}</dd></div>
      <div>
        <dt><abbr title="Real-time factor: compute seconds per second of sound">RTF</abbr></dt>
        <dd class=${(t?.rtf??0)>.95?`bad`:``}>${t?.rtf?t.rtf.toFixed(2):`–`}</dd>
      </div>
    </dl>`}};customElements.define(`legato-readouts`,Bt);var Vt=2e3,Ht=class{constructor(){this.times=[]}tap(e){let t=this.times.at(-1);t!==void 0&&e-t>Vt&&(this.times=[]),this.times=[...this.times,e].slice(-6);let n=this.times[0];return this.times.length<2?null:Math.round(6e4*(this.times.length-1)/(e-n))}},Ut=[[`density`,`Density`,[`sparse`,`dense`]],[`brightness`,`Brightness`,[`dark`,`bright`]],[`loudness`,`Loudness`,[`quiet`,`loud`]]],Wt=class extends V{constructor(...e){super(...e),this.tap=new Ht}static{this.styles=[H,v`
      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        margin-top: 10px;
      }
      .tap {
        padding: 4px 12px;
        border: 1px solid var(--line);
        border-radius: 99px;
        font-size: 12.5px;
        color: var(--dim);
      }
      .tap:hover {
        color: var(--text);
        border-color: var(--faint);
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
      @media (max-width: 420px) {
        .key em {
          display: none;
        }
        .three {
          grid-template-columns: minmax(0, 1fr);
          gap: 10px;
        }
        .pads {
          gap: 4px;
        }
        .pads button {
          font-size: 16px;
        }
      }
      .pads {
        display: grid;
        grid-template-columns: repeat(7, minmax(0, 1fr));
        gap: 6px;
      }
      .pads button {
        height: 52px;
        border-radius: 10px;
        background: var(--raised);
        font: 18px var(--score);
        overflow: hidden;
      }
      .pads button:hover {
        background: #232934;
      }
      .pads button.sounding {
        box-shadow: inset 0 0 0 1.5px var(--conductor);
        color: var(--conductor);
      }
      .pads button[aria-pressed="true"] {
        background: var(--mine);
        color: #221503;
        box-shadow: none;
      }
      .chord {
        width: 104px;
      }
    `]}render(){let e=this.session?.hello,t=this.session?.controls;if(!e||!t)return j`<h2>Shape</h2>`;let{history:n,player:r}=this.session,i=n.beatAt(r.heardIndex),a=n.barAt(i)??n.bars[0]??null,o=n.nowAt(r.heardIndex),[s,c]=e.ranges.bpm;return j`
      <h2>Shape</h2>
      <div class="stack">
        <legato-fader
          label="Tempo"
          .value=${t.bpm}
          .planned=${o?.bpm??null}
          .low=${s}
          .high=${c}
          .step=${1}
          .digits=${0}
          .neutral=${100}
          @pick=${e=>this.session.steer({bpm:e.detail})}
          ><button class="tap" @click=${()=>this.tapped()}>Tap</button></legato-fader
        >
        <div class="three">${Ut.map(([e,n,r])=>this.scalar(e,n,r,t,a))}</div>
        ${this.key(t,e,o?.key??null)} ${this.chord(t,e,o?.key??null,n.chordAt(i))}
      </div>
    `}scalar(e,t,n,r,i){return j`<legato-fader
      .label=${t}
      .value=${r[e]}
      .planned=${r.conductor===`on`&&i?i[e]:null}
      .ends=${n}
      @pick=${t=>this.session.steer({[e]:t.detail})}
    ></legato-fader>`}key(e,t,n){let[r,i]=e.key?U(e.key):[``,U(n??`C major`)[1]],a=e.key?`mine`:``,o=(e,t)=>this.session.steer({key:e?`${e} ${t}`:null}),s=e=>e.target.value;return j`<div class="line key">
      <span>Key ${!e.key&&n?j`<em>${W(n,n)}</em>`:null}</span>
      <select class="field ${a}" aria-label="Key: tonic" @change=${e=>o(s(e),i)}>
        <option value="" ?selected=${!r}>open</option>
        ${t.pitch_classes.map(e=>j`<option value=${e} .selected=${e===r}>${W(e)}</option>`)}
      </select>
      <select
        class="field ${a}"
        aria-label="Key: mode"
        @change=${e=>o(r||U(n??`C major`)[0],s(e))}
      >
        ${Object.keys(t.modes).map(e=>j`<option value=${e} .selected=${e===i}>${e}</option>`)}
      </select>
      <button class="release" ?hidden=${!e.key} aria-label="Let go of the key" title="Let go of the key" @click=${()=>o(``,``)}>×</button>
    </div>`}chord(e,t,n,r){let i=e.key??n??`C major`,a=Ze(i,t);return j`
      <div class="line">
        <span>Chord</span>
        <input
          class="field chord ${e.chord?`mine`:``}"
          aria-label="Chord by name; Enter applies"
          placeholder="open"
          .value=${e.chord??``}
          @change=${e=>this.session.steer({chord:e.target.value.trim()||null})}
        />
        <button
          class="release"
          ?hidden=${!e.chord}
          aria-label="Let go of the chord"
          title="Let go of the chord"
          @click=${()=>this.session.steer({chord:null})}
        >
          ×
        </button>
      </div>
      <div class="pads" role="group" aria-label="Chords of the key">
        ${a.map(t=>j`<button
              aria-pressed=${e.chord===t}
              class=${r===t?`sounding`:``}
              @click=${()=>this.session.steer({chord:e.chord===t?null:t})}
            >
              ${W(t,i)}
            </button>`)}
      </div>
    `}tapped(){let e=this.tap.tap(performance.now()),[t,n]=this.session.hello?.ranges.bpm??[40,240];e!==null&&this.session.steer({bpm:Math.min(n,Math.max(t,e))})}};customElements.define(`legato-shape`,Wt);var X=-54,Gt=1.2,Kt=e=>20*Math.log10(Math.max(e,1e-6)),qt=e=>`${Math.max(0,Math.min(100,100*(e-X)/54))}%`,Jt=class extends V{constructor(...e){super(...e),this.held=[X,X],this.listening=null,this.onReport=()=>this.show()}static{this.styles=[H,v`
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
        background: linear-gradient(to right, #4f8f9b 0%, var(--conductor) 55%, var(--mine) 82%, var(--alarm) 98%);
        clip-path: inset(0 calc(100% - var(--level, 0%)) 0 0);
      }
      .side i {
        position: absolute;
        top: 0;
        bottom: 0;
        left: calc(var(--peak, 0%) - 2px);
        width: 2px;
        background: var(--text);
      }
      .scale {
        display: flex;
        justify-content: space-between;
        font-size: 11.5px;
        color: var(--faint);
        font-variant-numeric: tabular-nums;
      }
    `]}willUpdate(){super.willUpdate(),this.listening!==this.session&&(this.session?.addEventListener(`report`,this.onReport),this.listening=this.session)}disconnectedCallback(){super.disconnectedCallback(),this.listening?.removeEventListener(`report`,this.onReport),this.listening=null}render(){return j`
      <div role="meter" aria-label="Level" aria-valuemin=${X} aria-valuemax="0" aria-valuenow=${X}>
        <div class="side"><b></b><i></i></div>
        <div class="side"><b></b><i></i></div>
      </div>
      <div class="scale"><span>level</span><output>silent</output></div>
    `}show(){let e=this.session.player.stats,t=this.renderRoot.querySelectorAll(`.side`);if(!e||t.length<2)return;for(let n of[0,1])this.held[n]=Math.max(Kt(e.peak[n]),this.held[n]-Gt,X),t[n]?.style.setProperty(`--level`,qt(10*Math.log10(Math.max(e.power[n],1e-12)))),t[n]?.style.setProperty(`--peak`,qt(this.held[n]));let n=Math.max(...this.held),r=n<=X?`silent`:`peak ${n.toFixed(1)} dB`;this.renderRoot.querySelector(`output`)?.replaceChildren(r),this.renderRoot.querySelector(`[role=meter]`)?.setAttribute(`aria-valuenow`,n.toFixed(0))}};customElements.define(`legato-meter`,Jt);var Yt=class extends V{constructor(...e){super(...e),this.still=()=>void 0,this.beatShown=-1,this.chordShown=null}static{this.styles=[H,v`
      :host {
        display: grid;
        grid-template-columns: auto 1fr minmax(160px, 260px);
        gap: 18px 32px;
        align-items: center;
      }
      .go {
        display: grid;
        place-items: center;
        width: 84px;
        height: 84px;
        border-radius: 50%;
        background: var(--mine);
        color: #221503;
        transition: background 0.15s, transform 0.12s;
      }
      .go:hover:not(:disabled) {
        background: #ffc675;
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
      svg {
        width: 30px;
        height: 30px;
        fill: currentColor;
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 40px;
        margin: 0;
      }
      dt {
        font-size: 12px;
        color: var(--dim);
      }
      dd {
        margin: 0;
        min-width: 2.4em;
        font: 32px/1.15 var(--score);
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
        background: var(--mine);
      }
      @media (max-width: 720px) {
        :host {
          grid-template-columns: auto 1fr;
          gap: 16px 20px;
        }
        legato-meter {
          grid-column: 1 / -1;
        }
        .go {
          width: 72px;
          height: 72px;
        }
        dl {
          gap: 4px 24px;
        }
        dd {
          font-size: 25px;
        }
      }
    `]}connectedCallback(){super.connectedCallback(),this.still=ct(()=>this.follow())}disconnectedCallback(){super.disconnectedCallback(),this.still()}render(){let{playing:e=!1,connection:t=`connecting`}=this.session??{},n=this.session?.history.nowAt(this.session.player.heardIndex)??null,r=n?.beats_per_bar??4;return j`
      <button
        class="go ${e?`playing`:``}"
        aria-label=${e?`Stop`:`Start`}
        ?disabled=${t!==`open`&&!e}
        @click=${()=>void this.session.toggle()}
      >
        ${e?j`<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="5" y="5" width="14" height="14" rx="2" /></svg>`:j`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 4.5v15a1 1 0 0 0 1.5.9l12-7.5a1 1 0 0 0 0-1.8l-12-7.5A1 1 0 0 0 7 4.5Z" /></svg>`}
      </button>
      <dl>
        <div><dt>Chord</dt><dd>${W(this.chordShown??n?.chord??`–`,n?.key)}</dd></div>
        <div><dt>Key</dt><dd>${W(n?.key??`–`,n?.key)}</dd></div>
        <div><dt>Tempo</dt><dd>${n?n.bpm.toFixed(1).replace(/\.0$/,``):`–`} <small>bpm</small></dd></div>
        <div><dt>Beat</dt><dd class="beats" role="img" aria-label="Beat of the bar">${Array.from({length:r},(e,t)=>j`<i class=${t===this.beatShown?`on`:``}></i>`)}</dd></div>
      </dl>
      <legato-meter .session=${this.session}></legato-meter>
    `}follow(){if(!this.session)return;let{history:e,player:t,playing:n}=this.session,r=t.heardIndex,i=n?e.nowAt(r):null,a=e.beatAt(r),o=e.barAt(a),s=i?Math.floor(o?a-o.start_beat:a%i.beats_per_bar):-1,c=i?e.chordAt(a):this.chordShown;(s!==this.beatShown||c!==this.chordShown)&&(this.beatShown=s,this.chordShown=c,this.requestUpdate())}};customElements.define(`legato-transport`,Yt);var Xt={connecting:`connecting`,open:`connected`,lost:`connection lost, trying again`,busy:`all players are taken`},Zt=class extends V{constructor(...e){super(...e),this.onKey=e=>{let t=e.composedPath()[0],n=!(t instanceof HTMLElement)||!t.matches(`input, button, select, summary`);e.key===`Escape`&&this.session?.dismiss(),e.key===` `&&n&&!e.repeat&&this.session?.connection===`open`&&(e.preventDefault(),this.session.toggle())}}static{this.styles=[H,v`
      main {
        max-width: 1520px;
        margin: 0 auto;
        padding: 18px clamp(16px, 3vw, 44px) 28px;
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
        fill: var(--mine);
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
        background: #7fce8f;
      }
      .state:is(.lost, .busy) i {
        background: var(--alarm);
      }
      legato-horizon {
        margin: 10px calc(-1 * clamp(16px, 3vw, 44px)) 20px;
      }
      .panels {
        display: grid;
        grid-template-columns: minmax(0, 1.05fr) minmax(0, 1.3fr) minmax(0, 0.9fr);
        gap: var(--gap);
        margin: 26px 0 18px;
        align-items: start;
      }
      .panels > * {
        height: 100%;
        padding: 18px 20px 20px;
        border-radius: var(--radius);
        background: var(--surface);
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
        background: #2a1d1b;
        border: 1px solid #6b3a33;
        font-size: 14.5px;
        line-height: 1.4;
        transform: translateX(-50%);
        animation: rise 0.2s ease-out;
      }
      .toast.note {
        background: #16252a;
        border-color: #2f5660;
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
        .panels {
          grid-template-columns: 1fr 1fr;
        }
        legato-prompts {
          grid-column: 1 / -1;
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
          grid-template-columns: minmax(0, 1fr);
          gap: 12px;
        }
        .panels > * {
          padding: 16px 14px;
        }
      }
    `]}connectedCallback(){super.connectedCallback(),document.addEventListener(`keydown`,this.onKey)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener(`keydown`,this.onKey)}render(){let e=this.session,t=e?.connection??`connecting`,n=e?.status?.warning;return j`
      <main>
        <header>
          <h1>
            <svg viewBox="0 0 74 12" aria-hidden="true"><path d="M0 12C18-3 56-3 74 12 55 1.500 19 1.500 0 12Z" /></svg>Legato
          </h1>
          <legato-readouts .session=${e}></legato-readouts>
          <div class="state ${t}" role="status"><i></i>${Xt[t]}${e?.hello&&t===`open`?` · ${e.hello.model}`:``}</div>
        </header>
        <legato-horizon .session=${e}></legato-horizon>
        <legato-transport .session=${e}></legato-transport>
        <div class="panels">
          <legato-prompts .session=${e}></legato-prompts>
          <legato-shape .session=${e}></legato-shape>
          <legato-band .session=${e}></legato-band>
        </div>
        <footer>
          ${n?j`<span class="quiet" role="status">${n}</span>`:null}
          <legato-advanced .session=${e}></legato-advanced>
        </footer>
      </main>
      <div role="alert">
        ${e?.toast?j`<div class="toast ${e.toast.kind}">
              <span>${e.toast.text}</span><button aria-label="Dismiss" @click=${()=>e.dismiss()}>×</button>
            </div>`:null}
      </div>
    `}};customElements.define(`legato-app`,Zt);var Z=new URL(`ws`,document.baseURI);Z.protocol=Z.protocol===`https:`?`wss:`:`ws:`;var Qt=new URLSearchParams(location.search);Z.search=Qt.has(`format`)?`format=${encodeURIComponent(Qt.get(`format`)??``)}`:``;var Q=Number(Qt.get(`buffer`)),$=new m(Z.href,Q>=20&&Q<=2e3?Q/1e3:void 0),$t=document.querySelector(`legato-app`);$t&&($t.session=$),Object.assign(window,{legato:{session:$,get stats(){return $.player.stats},capture:e=>$.player.capture(e)}});