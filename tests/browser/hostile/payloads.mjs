// What strangers write in the hope that a page runs it: each calls `ran` with its own number.

/** Ways into a page that is built without care; `HIT` stands for the call. */
const WAYS = [
  '<script>HIT</script>',
  '<ScRiPt>HIT</sCrIpT>',
  '<script\n>HIT</script\n>',
  '<scr<script>ipt>HIT</scr</script>ipt>',
  '<img src=x onerror=HIT>',
  '<img/src=x/onerror=HIT>',
  '<img src=x onerror="HIT" alt=a',
  '<svg onload=HIT>',
  '<svg><animate onbegin=HIT attributeName=x dur=1s>',
  '<svg><script>HIT</script></svg>',
  '<svg><foreignObject><img src=x onerror=HIT></foreignObject></svg>',
  '<svg><a href="javascript:HIT"><text y=9>a</text></a></svg>',
  '<body onload=HIT>',
  '<iframe srcdoc="<script>parent.HIT</script>">',
  '<iframe src="javascript:HIT"></iframe>',
  '<a href="javascript:HIT">her</a>',
  '<a href="jav&#x09;ascript:HIT">her</a>',
  '<details open ontoggle=HIT><summary>a</summary></details>',
  '<input autofocus onfocus=HIT>',
  '<select autofocus onfocus=HIT></select>',
  '<video><source onerror=HIT></video>',
  '<audio src=x onerror=HIT></audio>',
  '<object data="javascript:HIT"></object>',
  '<embed src="javascript:HIT">',
  '<marquee onstart=HIT>a</marquee>',
  '<div style="animation:a 1s" onanimationstart=HIT>a</div><style>@keyframes a{}</style>',
  '<style onload=HIT></style>',
  '<link rel=stylesheet href=x onerror=HIT>',
  '<meta http-equiv=refresh content="0;url=javascript:HIT">',
  '<form action="javascript:HIT"><button autofocus>a</button></form>',
  '<math><mtext><img src=x onerror=HIT></mtext></math>',
  '</title><script>HIT</script>',
  '</textarea><script>HIT</script>',
  '</script><script>HIT</script>',
  '</style><script>HIT</script>',
  '--><script>HIT</script>',
  ']]><script>HIT</script>',
  '"><script>HIT</script>',
  "'><script>HIT</script>",
  '" autofocus onfocus=HIT x="',
  "' autofocus onfocus=HIT x='",
  '` autofocus onfocus=HIT x=`',
  '";HIT;//',
  "';HIT;//",
  '\\";HIT;//',
  '${HIT}',
  '{{constructor.constructor("HIT")()}}',
  'javascript:HIT',
  '&lt;script&gt;HIT&lt;/script&gt;',
  '\\u003cscript\\u003eHIT\\u003c/script\\u003e',
];
/** What it stands in: alone, within an attribute that is left, and among words. */
const AROUND = ['WAY', '"\'>WAY', 'kano WAY tjern'];

/** How a payload says that it ran. */
export const RAN = 'ran';
/** 150 payloads; the number of each stands in it once. */
export const PAYLOADS = AROUND.flatMap((around, at) => WAYS.map((way, n) =>
  around.replace('WAY', () => way.replaceAll('HIT', `${RAN}(${at * WAYS.length + n})`))));
