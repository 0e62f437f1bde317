/**
 * Names that people write without a second name and often without a capital, because everybody knows whom they mean,
 * and names of goods, games and works that are no people. General knowledge, put down by category.
 */

function words(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== '')
}

/** First names and single names: of music, sport, film, stories, history, faith. */
export const WELL_KNOWN_GIVEN = words(`
beyonce rihanna shakira adele madonna bjork enya eminem kanye yeezy rosalia dua lizzo halsey lorde sia zendaya zayn niall harry liam louis
ariana selena miley demi taylor katy justin britney christina mariah whitney celine cher dolly reba shania carrie kesha nicki
cardi kendrick tupac biggie nas drake rakim ludacris nelly usher ciara aaliyah ashanti brandy monica kehlani doja bruno elton
freddie ozzy axl slash bono sting moby skrillex avicii tiesto diplo deadmau5 marshmello zedd anitta maluma karol ozuna feid peso
jungkook jimin taehyung yoongi hoseok namjoon seokjin jennie lisa jisoo rosé baekhyun chanyeol kyungsoo sehun kai suho minseok xiumin
luhan kris tao lay taemin minho onew jonghyun taeyeon tiffany yoona sooyoung yuri hyoyeon seohyun sunny jessica krystal sulli
amber irene seulgi wendy joy yeri nayeon jeongyeon momo sana jihyo mina dahyun chaeyoung tzuyu hyuna hyunjin felix changbin hongjoong
seonghwa wooyoung yeonjun soobin beomgyu taehyun hueningkai eunhyuk donghae heechul leeteuk
siwon kyuhyun ryeowook yesung jaejoong yunho changmin junsu yoochun gdragon daesung seungri psy hwasa solar moonbyul wonyoung yujin karina
lebron kobe shaq kyrie steph giannis kawhi luka jokic embiid dwyane melo zion wemby magic kareem hakeem dirk yao
messi ronaldo neymar pele maradona zidane ronaldinho kaka rivaldo ronaldinho mbappe haaland modric benzema iniesta xavi pogba kante
salah mane neuer lewandowski griezmann dybala courtois alisson ederson casemiro vinicius rodrygo endrick pedri gavi yamal bellingham saka
rooney lampard gerrard beckham scholes giggs cantona shearer henry bergkamp drogba etoo okocha kanu osimhen hakimi mahrez aubameyang
federer nadal djokovic alcaraz sinner serena venus osaka coco swiatek sabalenka medvedev zverev tsitsipas murray sampras agassi steffi
tiger rory phil scheffler usain simone biles phelps ledecky katie eliud mo farah bolt verstappen lewis hamilton vettel leclerc alonso schumacher
senna ayrton tyson ali conor khabib floyd manny canelo fury joshua usyk wilder anthony brock cena rey undertaker triple stone
sachin dhoni virat kohli rohit bumrah jadeja ganguly dravid sehwag yuvraj babar afridi wasim imran shoaib warne ponting
tom brady peyton mahomes kelce aaron rodgers eli manning beckham odell gronk tebow kaepernick lamar josh dak
oprah ellen conan letterman kimmel fallon colbert trevor stewart seinfeld chappelle louis amy tina ricky gervais dane
shahrukh salman aamir hrithik ranbir ranveer deepika alia priyanka katrina kareena anushka aishwarya amitabh akshay prabhas rajinikanth
vijay ajith suriya allu mahesh yash kajol madhuri sridevi
leonardo brad angelina jolie jlo gwyneth scarlett keanu denzel idris viola meryl cate nicole kidman tilda emma daniel rupert
obama barack michelle donald melania ivanka joe kamala hillary bernie elizabeth alexandria putin zelensky boris theresa rishi keir nigel
angela merkel macron emmanuel sarkozy hollande marine berlusconi meloni salvini trudeau modi narendra rahul indira gandhi nehru mandela nelson
mugabe buhari tinubu erdogan netanyahu arafat saddam gaddafi assad castro fidel chavez maduro lula dilma bolsonaro milei evita peron
xi mao kim kimjongun hirohito shinzo abe duterte marcos imelda suharto jokowi mahathir anwar lee
elon bezos zuckerberg zuck gates jobs wozniak musk altman satya sundar pichai jack dorsey larry sergey warren buffett
pewdiepie markiplier jacksepticeye mrbeast ninja pokimane shroud dream tommyinnit technoblade dantdm logan ksi jake smosh shane jeffree
jenna zoella casey caspar tana jojo charli addison dixie khaby bretman faze sidemen vanoss wildcat h2odelirious
spongebob patrick squidward shrek fiona simba mufasa nala elsa anna olaf ariel ursula moana mulan pocahontas jasmine aladdin jafar cinderella
rapunzel belle gaston bambi dumbo nemo dory woody buzz mickey minnie goofy donald pluto garfield snoopy scooby shaggy velma
homer marge bart maggie ned milhouse krusty cartman kenny kyle stan butters peter lois meg stewie brian quagmire rick morty bender fry leela
batman superman joker bane catwoman robin nightwing deadpool wolverine magneto rogue gambit cyclops thor loki odin hulk thanos
ironman spiderman hawkeye groot rocket gamora nebula drax vision wanda aquaman flash cyborg starfire raven
frodo sam gandalf aragorn legolas gimli bilbo gollum sauron saruman boromir faramir eowyn galadriel elrond smaug
dumbledore snape hermione ron draco malfoy voldemort hagrid dobby sirius lupin neville luna ginny tonks
luke leia han chewbacca yoda anakin vader obiwan padme kylo rey finn poe mando grogu boba
daenerys khaleesi cersei tyrion jaime arya sansa jon robb hodor joffrey theon brienne ygritte melisandre
naruto sasuke sakura kakashi hinata itachi madara goku vegeta gohan piccolo krillin bulma frieza luffy zoro nami sanji usopp ace sabo
ichigo rukia levi eren mikasa armin light gojo sukuna yuji megumi nobara tanjiro nezuko zenitsu inosuke deku bakugo todoroki
mario luigi peach bowser wario yoshi zelda ganon kirby samus sonic tails knuckles pikachu charizard ash misty brock
lara croft geralt ciri yennefer triss kratos atreus ellie joel dante vergil cloud sephiroth tifa aerith zack squall
sherlock watson moriarty dracula frankenstein tarzan zorro robinhood gatsby ahab heathcliff hamlet macbeth othello romeo juliet
buffy xena dexter walter heisenberg jesse saul mulder scully house dwight michael pam jim kramer costanza chandler monica rachel ross phoebe joey
jesus moses abraham noah david solomon mary joseph peter paul muhammad buddha krishna shiva ganesh rama sita hanuman zeus hera apollo athena
plato socrates aristotle homer caesar cleopatra nero hannibal attila charlemagne napoleon josephine hitler stalin lenin trotsky
leonardo michelangelo raphael donatello galileo copernicus newton darwin einstein tesla edison curie freud jung marx nietzsche kant
mozart beethoven bach chopin wagner vivaldi verdi puccini picasso dali frida monet rembrandt vermeer warhol banksy
shakespeare dickens austen tolstoy dostoevsky chekhov kafka goethe schiller cervantes neruda borges hemingway orwell rowling tolkien
`)

/** Family names that stand alone in the same way. */
export const WELL_KNOWN_FAMILY = words(`
trump obama clinton biden harris bush reagan nixon kennedy carter lincoln roosevelt truman eisenhower romney mccain palin pence desantis newsom
pelosi mcconnell ryan cruz rubio sanders warren buttigieg christie huckabee giuliani kerry gore cheney rumsfeld
thatcher blair cameron corbyn farage starmer sunak johnson merkel scholz merz macron sarkozy hollande mitterrand chirac degaulle putin medvedev
yeltsin gorbachev zelensky lukashenko orban kaczynski tusk erdogan netanyahu rabin khamenei rouhani khomeini modi gandhi kejriwal imran
sharif bhutto hasina suu xi jinping mao shinzo kishida duterte mandela zuma ramaphosa mbeki mugabe kagame museveni kenyatta ruto buhari
obasanjo jonathan lula bolsonaro rousseff milei kirchner macri maduro chavez castro morales correa uribe santos amlo sheinbaum
bieber cyrus gomez lovato swift perry spears aguilera grande timberlake lopez jackson presley dylan lennon mccartney jagger bowie mercury
cobain springsteen hendrix sinatra marley houston winehouse gaga minaj azalea rexha eilish sheeran capaldi styles malik horan payne tomlinson
gambino lamar cudi gotti offset quavo takeoff migos snoop dogg khalifa weezy wayne mathers hova
lebron jordan curry durant westbrook harden pippen barkley garnett iverson oneal bryant duncan nowitzki antetokounmpo doncic tatum
brady manning favre montana elway roethlisberger rodgers brees wilson kaepernick tebow romo mahomes belichick carroll
jeter trout ohtani arod bonds mcgwire ruth gretzky crosby ovechkin lemieux messi ronaldo mbappe haaland neymar beckham rooney
mourinho guardiola klopp wenger ferguson ancelotti simeone conte pochettino tuchel arteta allardyce hodgson southgate lampard gerrard
suarez ibrahimovic balotelli torres ozil schweinsteiger muller kroos khedira klose podolski lahm boateng hummels robben sneijder vanpersie
drogba terry cech hazard willian oscar lukaku debruyne kompany aguero tevez kane vardy sterling rashford maguire shaw pickford
federer nadal djokovic murray williams sharapova woods mcilroy mickelson spieth bolt phelps armstrong froome contador pacquiao mayweather
mcgregor nurmagomedov rousey lesnar cena orton reigns rollins ambrose batista goldberg hogan hamilton vettel raikkonen rosberg verstappen
tendulkar dhoni kohli sharma ganguly dravid sehwag raina ashwin gayle lara ponting mcgrath warne pietersen flintoff cook root stokes
dicaprio depp pitt clooney damon affleck cruise hanks cage reeves gosling reynolds hemsworth evans downey ruffalo cumberbatch hiddleston
schwarzenegger stallone willis statham diesel johansson portman jolie aniston streep roberts bullock winslet knightley blanchett lohan
kardashian jenner hilton spielberg tarantino scorsese nolan kubrick hitchcock lucas cameron coppola kurosawa miyazaki almodovar
rogan maddow hannity oreilly limbaugh carlson anderson cooper blitzer kimmel fallon colbert letterman leno gervais carlin pryor seinfeld
zuckerberg bezos musk gates jobs buffett branson altman thiel madoff soros murdoch epstein weinstein snowden assange
einstein newton darwin hawking feynman oppenheimer turing curie pasteur fleming tesla edison faraday maxwell bohr heisenberg schrodinger
freud jung pavlov skinner marx engels keynes friedman hayek nietzsche kant hegel descartes rousseau voltaire locke hobbes hume
shakespeare dickens austen bronte joyce woolf orwell huxley hemingway fitzgerald steinbeck salinger faulkner poe twain whitman rowling tolkien
picasso monet manet renoir cezanne vangogh matisse kandinsky klimt mozart beethoven bach handel haydn brahms schubert mahler stravinsky
churchill hitler stalin lenin mussolini franco goebbels himmler goering eichmann rommel patton montgomery napoleon wellington nelson
`)

/** Goods, games, works and signs that look like names and are none. */
export const WELL_KNOWN_THINGS = words(`
iphone ipad macbook airpods imac android galaxy pixel chromebook kindle playstation xbox nintendo switch wii gamecube steam epic windows macos
linux ubuntu debian fedora office excel word powerpoint outlook photoshop illustrator lightroom premiere canva figma notion obsidian slack
zoom teams skype discord whatsapp telegram signal snapchat instagram tiktok twitter reddit tumblr pinterest linkedin wikipedia
alexa siri cortana gemini chatgpt copilot llama mistral gpt bitcoin ethereum dogecoin solana
minecraft fortnite roblox valorant overwatch warcraft starcraft hearthstone diablo skyrim fallout witcher cyberpunk halo destiny doom quake
tetris pacman pokemon zelda mario sonic undertale terraria stardew hades celeste factorio civilization sims gta fifa madden
avengers frozen titanic avatar inception interstellar gladiator matrix jaws psycho alien predator terminator rocky rambo
mustang camaro corvette civic corolla prius camry accord golf polo passat focus fiesta tiguan wrangler tacoma silverado tesla
coke pepsi sprite fanta nutella oreo kitkat snickers twix doritos pringles cheetos guinness heineken corona budweiser
lego barbie crayola monopoly scrabble jenga uno python javascript typescript java kotlin rust golang ruby perl haskell scala react angular vue
svelte django flask rails spring docker kubernetes terraform ansible jenkins postgres mysql mongodb redis kafka spark hadoop numpy pandas
bluetooth wifi ethernet usb hdmi vpn lol omg wtf wth btw idk imo tbh smh fyi asap rofl lmao lmfao brb aight bruh bro
aries taurus gemini cancer leo virgo libra scorpio sagittarius capricorn aquarius pisces easter christmas halloween thanksgiving ramadan
diwali hanukkah ibuprofen paracetamol aspirin metformin lipitor xanax zoloft prozac advil tylenol covid ebola zika
`)

/** Words of programs, commands and formats, which people write small and beside anything. */
export const COMPUTING_WORDS = words(`
mailto href src onclick onload iframe navbar tooltip dropdown checkbox textarea favicon viewport charset stylesheet hover flexbox webpack
vite babel rollup esbuild eslint prettier tsconfig dotenv npm npx pnpm yarn nodejs deno bun gulp grunt mocha jest vitest cypress playwright
selenium pytest tox venv pip conda poetry numpy scipy sklearn tensorflow pytorch keras jupyter matplotlib seaborn
stdin stdout stderr argv argc printf scanf malloc calloc realloc free memcpy memset strlen strcmp sizeof typedef struct enum extern
const constexpr nullptr malloc segfault valgrind gdb lldb gcc clang cmake makefile ninja bazel gradle maven sbt
async await yield lambda closure callback promise thunk monad functor iterator generator decorator mixin trait impl
boolean bool int uint float double varchar nvarchar bigint smallint timestamp timestamptz datetime jsonb blob clob uuid guid
nullable undefined null nan infinity payload params args kwargs regex regexp glob wildcard enum tuple hashmap hashset dict struct
upsert subquery rollback commit savepoint vacuum sharding replica failover mutex semaphore deadlock throttle debounce
username usernames hostname localhost subnet gateway firewall router switch loopback multicast nginx apache caddy haproxy traefik envoy
kubectl helm minikube kubelet daemonset configmap ingress istio podman containerd dockerfile compose swarm vagrant packer
ansible puppet chef salt jenkins travis gitlab github bitbucket gitea terraform pulumi cloudformation lambda
git checkout rebase stash cherry-pick bisect submodule gitignore mergetool refspec fork upstream
grep egrep awk sed xargs chmod chown sudo ssh scp sftp rsync curl wget tar gzip gunzip unzip systemd systemctl journalctl crontab cron
tmux vim nano emacs bash zsh fish powershell cmd regedit stdin tty pty fstab lsblk mkfs mount umount ifconfig iptables netstat nslookup dig
oauth oidc saml jwt jwk jwks tls ssl mtls x509 pem hmac sha md5 bcrypt argon scrypt nonce csrf xss cors csp sql nosql orm dsn
yaml toml json xml csv tsv ini proto protobuf avro parquet orc pdf docx xlsx pptx odt epub markdown latex tex svg png jpeg gif webp mp3 mp4
ffmpeg imagemagick pandoc graphviz sqlite mariadb cassandra couchdb dynamodb elasticsearch opensearch kibana logstash grafana prometheus
loki tempo jaeger zipkin sentry datadog splunk rabbitmq celery airflow dbt snowflake bigquery redshift databricks hive presto trino flink
dataframe pandas polars tokenizer embedding embeddings transformer softmax relu sigmoid dropout batchnorm optimizer adam sgd
webhook websocket middleware frontend backend fullstack serverless microservice monolith endpoint sandbox staging prod dev repo changelog readme
todo fixme refactor linter formatter bundler transpiler compiler interpreter runtime polyfill shim stub mock fixture
`)
