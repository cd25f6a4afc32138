"""The words that extraction knows: verbs of saying, the small words of English grammar, titles, days.

General English only: no person, outlet or topic is named here.
"""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# ------------------------------------------------------------------ verbs of saying

SAYING = _listed(
    """say point add write note report announce argue explain declare acknowledge claim state warn insist reply respond
    conclude predict admit confirm assert contend maintain recall remark observe joke quip stress emphasize emphasise
    reiterate allege complain boast caution concede testify proclaim mention disclose reveal estimate comment counter
    lament retort recount affirm repeat post tweet suggest indicate clarify elaborate agree deny continue opine
    theorize theorise speculate hint rule forecast hold reason muse fume enthuse gush chime interject tell inform
    remind assure advise notify promise vow pledge swear signal calculate project ask wonder inquire
    demand object protest plead shout exclaim cry yell whisper scream murmur mutter growl chant sing begin
    answer offer venture sigh laugh smile shrug grumble huff boom chuckle snap roar gasp sob beam blurt whine
    jest confess confide divulge attest aver posit surmise decree relate grin nod scoff sneer rage thunder bellow marvel
    gripe moan groan bark hiss drawl croak stammer reflect warble crow fret quote stutter rejoin tease
    recommend stipulate urge find show demonstrate learn hear read signal caution"""
)
"""Verbs whose object can be what somebody said."""

TELLING = _listed("tell inform remind assure advise notify warn promise ask caution urge")
"""Verbs that name whom somebody told before what was said."""

NEEDS_HEARER = _listed("tell inform remind assure notify")
"""Those that never stand without."""

SHOWING = _listed("find show demonstrate reveal indicate suggest conclude estimate project calculate forecast")
"""What a study, a poll or a document does."""

QUOTES_ONLY = _listed(
    """answer offer venture sigh laugh smile shrug grumble huff boom chuckle snap roar gasp sob beam blurt whine
    jest confess confide divulge attest aver posit surmise decree relate grin nod scoff sneer rage thunder bellow marvel
    gripe moan groan bark hiss drawl croak stammer reflect warble crow fret quote stutter rejoin tease
    ask wonder inquire demand object protest plead shout exclaim cry yell whisper scream murmur mutter growl chant
    sing begin continue respond comment elaborate muse fume enthuse gush chime interject quip joke retort rule hold
    read recommend urge advise go"""
)
"""Verbs that introduce words between marks, or a clause with “that”, but seldom a bare clause."""

RELAYING = _listed("say tell report announce warn confirm accord admit deny")
"""Verbs by which words between marks report what somebody else said."""

LOOSE = _listed("say tell")
"""Verbs that say so much of nothing else that a bare clause after them needs no further sign."""

IRREGULAR = {
    "say": ("says", "said", "said", "saying"),
    "tell": ("tells", "told", "told", "telling"),
    "write": ("writes", "wrote", "written", "writing"),
    "find": ("finds", "found", "found", "finding"),
    "show": ("shows", "showed", "shown", "showing"),
    "hold": ("holds", "held", "held", "holding"),
    "hear": ("hears", "heard", "heard", "hearing"),
    "read": ("reads", "read", "read", "reading"),
    "swear": ("swears", "swore", "sworn", "swearing"),
    "sing": ("sings", "sang", "sung", "singing"),
    "begin": ("begins", "began", "begun", "beginning"),
    "admit": ("admits", "admitted", "admitted", "admitting"),
    "quip": ("quips", "quipped", "quipped", "quipping"),
    "forecast": ("forecasts", "forecast", "forecast", "forecasting"),
    "go": ("goes", "went", "gone", "going"),
}


def inflected(base: str) -> tuple[str, str, str, str]:
    """Third person, past, past participle and -ing of a verb."""
    if base in IRREGULAR:
        return IRREGULAR[base]
    stem = base[:-1] if base.endswith("e") else base
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies", base[:-1] + "ied", base[:-1] + "ied", base + "ing"
    third = base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")
    return third, stem + "ed", stem + "ed", stem + "ing"


FORMS: dict[str, tuple[str, str]] = {}
"""A verb of saying in any form → its base, and which form: base, third, past, participle or ing."""
for _base in sorted(SAYING | {"go"}):
    _third, _past, _participle, _ing = inflected(_base)
    FORMS |= {_participle: (_base, "participle"), _ing: (_base, "ing"), _third: (_base, "third")}
    FORMS |= {_base: (_base, "base"), _past: (_base, "past")}
del FORMS["going"], FORMS["gone"]

WITH_PARTICLE = {"go": "on", "point": "out"}
"""Verbs of saying only with a small word after them."""


def form_of(word: str) -> str:
    """Which form of a verb of saying a word is; empty for any other word."""
    return FORMS[word][1] if word in FORMS else ""


def says(word: str) -> bool:
    """Whether a word is a verb of saying as it stands with a subject: “says”, “said”."""
    return form_of(word) in ("past", "third")


GOING_ON = _listed("on continued continues took used quick proceeded wrote called rushed appeared seemed held gave")
"""Before “to say”, they make it no mere intention: “went on to say”, “took to Twitter to announce”."""

COMMENTING = _listed(
    """underscoring highlighting emphasizing emphasising signaling signalling sending sparking triggering stoking
    fuelling fueling prompting"""
)
"""After a comma they say what an act of saying did or showed, not what was said."""

FRONTS_NOT = _listed(
    """deny rule vow advise offer hold demand urge recommend learn hear stipulate answer respond continue begin ask"""
)
"""After “…, X” these say something else than what stands before."""

NO_AUTHORITY = _listed("plan schedule law custom tradition need type size")
"""After “according to” they are nobody who says something."""

ALSO_NOUNS = _listed(
    """report reports claim claims state states comment comments post posts note notes estimate estimates promise
    promises pledge pledges tweet tweets show shows project projects forecast forecasts find finds reply replies
    counter counters rule rules hold holds hint hints signal signals caution object objects protest protests demand
    demands answer answers offer offers laugh laughs smile smiles shrug shrugs boom booms snap snaps rage rages quote
    quotes roar roars gasp gasps beam beams jest jests relate relates thunder bark cry cries shout shouts reason
    reasons joke jokes remark remarks vow vows boast boasts stress stresses repeat repeats brief briefs mention
    mentions lament laments complaint plead hearing reading finding findings showing ruling holding writing saying
    warning beginning reasoning posting telling recall claimed found"""
)
"""Forms that are as often something else."""

LABELS = _listed(
    """call calls called calling describe describes described describing dub dubs dubbed dubbing brand branded label
    labelled labeled denounce denounced denouncing praise praised criticise criticised criticize criticized condemn
    condemned condemning slam slammed hail hailed blast blasted characterize characterized characterise
    characterised accuse accused accusing blame blamed urge urged urging cite cites cited citing refer referred
    referring promise promised promising speak speaks spoke voice voiced defend defended defending recommend
    recommended"""
)
"""Verbs that report an act of saying, without a clause as their object: what they quote stands between marks."""

# ------------------------------------------------------------------ grammar

DETERMINERS = _listed(
    """the a an this that these those some any many most several few both all each every no another other one two
    three four five six seven eight nine ten either neither such his her its their my our your more less much
    half dozens hundreds thousands"""
)
STANDING_ALONE = _listed("some many most others both all this these those several few one another")
"""Determiners that can be a subject without a noun."""
SUBJECT_PRONOUNS = _listed("i he she they we it you")
PRONOUNS = SUBJECT_PRONOUNS | _listed(
    """him them us me himself herself themselves itself myself who whom someone somebody anyone anybody everyone
    everybody nobody none others nothing something everything anything there what which whoever those these"""
)
PREPOSITIONS = _listed(
    """of in on at by for from with to into onto over under after before during through about against among between
    within without since until till towards toward near off across along around behind beyond despite via amid amidst
    per upon outside inside above below like unlike ahead throughout besides except following regarding concerning
    aboard alongside beneath atop around"""
)
QUESTION_WORDS = _listed("whether if why how what when where")
SUBORDINATORS = _listed(
    """that because although though while whilst when whenever if unless whether where wherever as since than so until
    lest whereas how why what once"""
)
COORDINATORS = _listed("and but or nor yet")
AUXILIARIES = _listed(
    """is are was were am be been being has have had having does do did isn't aren't wasn't weren't hasn't haven't
    hadn't doesn't don't didn't 's 're 've 'd 'm isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t doesn’t don’t
    didn’t it's it’s he's he’s she's she’s that's that’s there's there’s they're they’re we're we’re you're you’re i'm
    i’m i've i’ve we've we’ve they've they’ve you've you’ve he'd he’d she'd she’d they'd they’d we'd we’d i'd i’d
    who's who’s what's what’s"""
)
BE = _listed("is are was were been be being")
MODALS = _listed(
    """will would can could may might must shall should ought cannot won't wouldn't can't couldn't mightn't mustn't
    shouldn't won’t wouldn’t can’t couldn’t mustn’t shouldn’t it'll it’ll he'll he’ll she'll she’ll they'll they’ll
    we'll we’ll i'll i’ll you'll you’ll that'll that’ll"""
)
SUPPOSING = _listed("would could might may should can if unless whether wouldn't couldn't wouldn’t couldn’t cannot")
"""Before a verb of saying they make it a supposition."""

NEGATIONS = _listed(
    """not never n't didn't doesn't don't hasn't haven't hadn't won't wouldn't can't couldn't isn't wasn't weren't
    didn’t doesn’t don’t hasn’t haven’t hadn’t won’t wouldn’t can’t couldn’t isn’t wasn’t weren’t cannot nobody
    neither nor without hardly"""
)
ADVERBS = _listed(
    """also then later now earlier previously first recently again still even further already once too just only
    never ever today yesterday tomorrow tonight however therefore meanwhile moreover instead often sometimes always
    soon here there once twice afterwards afterward elsewhere though perhaps maybe indeed rather quite very
    long far once-again online herself himself themselves itself alone altogether nonetheless nevertheless anyway
    aloud back"""
)
DAYS = _listed(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight mon tue wed thu fri
    sat sun mondays"""
)
MONTHS = _listed(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec"""
)
NAMES_AND_MONTHS = _listed("jan april may june august mar")
TIMES = (
    DAYS
    | MONTHS
    | _listed(
        """morning afternoon evening night week month year weekend day days weeks months years hours minutes noon
        midnight midday time moment past last next this earlier late early recent date spring summer autumn fall winter
        decade century hour minute weekend ago"""
    )
)
OCCASIONS = _listed(
    """statement statements interview interviews speech speeches conference briefing letter letters post posts tweet
    tweets email emails e-mail e-mails report reports filing filings video message messages testimony hearing court call
    calls address remarks comments release memo note article column op-ed editorial essay blog podcast broadcast
    documentary appearance meeting summit debate visit ceremony rally event session programme program show station
    radio television tv media telephone phone book affidavit complaint lawsuit ruling judgment judgement opinion
    decision indictment verdict paper study analysis thread update announcement bulletin telegram notice press
    sermon inquiry inquest trial tribunal announcement newsletter response reply answer chat caption account page
    website site parliament congress senate commons media submission document presentation forum lecture
    toast monologue newspaper journal magazine news reporters journalists webinar keynote communique communiqué
    declaration dispatch presser questioning exchange conversation discussion anniversary dinner lunch panel"""
)
"""What people speak at, in or through: “in a statement”, “during a visit”."""

HEARERS = _listed(
    """reporters journalists lawmakers investors analysts parliament congress senators mps legislators the delegates
    supporters fans colleagues officers police investigators prosecutors jurors court"""
)
OPENING = _listed(
    """in on at by after before during under since despite within without amid for from unlike like over until through
    given"""
)
"""Prepositions that what was said can begin with."""
ASSERTIONS = _listed(
    """view belief claim claims allegation allegations accusation accusations suggestion suggestions concern concerns
    fear fears hope hopes opinion conviction position argument assertion assertions insistence rumours rumors reports
    contention"""
)
"""Nouns whose clause is what was said: “explained his view that”, “denied accusations that”."""
HEARINGS = _listed(
    "court inquest jury inquiry committee tribunal hearing panel commission parliament judge magistrates"
)
"""Before these something is said; others only hear it."""
INSTRUMENTS = _listed("clock watch thermometer scoreboard calendar scales sundial speedometer odometer")
"""They say things that nobody states."""
NO_CONTENT = _listed(
    "nothing little goodbye hello sorry yes no so much something anything more thanks words word prayers mass grace"
)
"""What people say that says nothing."""
RELATIVES = _listed("who which whom whose")

# ------------------------------------------------------------------ voices

TITLES = _listed(
    """mr mrs ms miss mx dr prof professor sir dame lord lady president vice minister prime secretary senator sen rep
    representative congressman congresswoman governor gov mayor judge justice chief captain capt colonel col general
    gen lieutenant lt sergeant sgt major maj admiral adm commander cmdr officer detective inspector superintendent
    constable sheriff deputy attorney bishop archbishop cardinal pope rabbi imam father sister brother king queen
    prince princess duke duchess chancellor ambassador chairman chairwoman chair ceo director coach manager
    commissioner councillor councilor councilman councilwoman speaker premier prosecutor spokesman spokeswoman
    spokesperson author actor actress singer analyst economist researcher scientist student reverend rev hon
    undersecretary coordinator editor reporter journalist lawyer barrister envoy leader founder co-founder owner
    executive principal dean teacher engineer doctor nurse campaigner activist critic striker goalkeeper
    midfielder defender skipper pilot farmer resident historian host comedian musician rapper pastor
    mp mps msp mep td qc kc taoiseach sheikh ayatollah crown supt brigadier corporal cpl private pvt"""
)
"""Words before a name that are no part of it."""

PERSON_NOUNS = TITLES | _listed(
    """man woman boy girl teenager victim suspect defendant witness neighbour neighbor mother son daughter wife husband
    widow widower boss official diplomat lawmaker politician candidate veteran expert specialist professor
    psychologist biologist physicist chemist astronomer geologist epidemiologist virologist climatologist sociologist
    psychiatrist surgeon physician consultant advocate trader investor banker entrepreneur billionaire millionaire
    novelist writer poet painter artist filmmaker producer director designer architect player athlete winger batsman
    bowler champion boxer swimmer runner driver rider cyclist republican democrat conservative liberal legislator
    opposition incumbent predecessor successor aide adviser advisor representative delegate negotiator strategist
    pollster organiser organizer protester demonstrator survivor refugee migrant patient customer passenger
    commentator broadcaster presenter blogger columnist insider source whistleblower colleague friend
    father-in-law shopkeeper worker employee foreman soldier fighter militant rebel monk priest nun vicar
    conductor composer photographer publicist agent attorney solicitor counsel magistrate sheriff warden
    firefighter paramedic detective investigator ranger guard fisherman trainer referee umpire captain
    head chair chief vice-president vice-chancellor secretary-general general-secretary native star
    pensioner grandmother grandfather uncle aunt cousin nephew niece couple parent tenant landlord
    user poster author chairperson commander spokesman-general treasurer auditor ombudsman regulator"""
)
FEMALE = _listed(
    """she her hers mrs ms miss dame lady woman girl mother daughter wife widow sister queen princess duchess
    congresswoman chairwoman spokeswoman councilwoman actress grandmother aunt niece nun businesswoman policewoman"""
)
MALE = _listed(
    """he him his mr sir lord man boy father son husband widower brother king prince duke congressman chairman spokesman
    councilman actor grandfather uncle nephew monk businessman policeman fisherman"""
)
DOCUMENTS = _listed(
    """report study survey paper letter statement document book article filing lawsuit complaint indictment affidavit
    ruling memo email post tweet message release notice law bill act amendment constitution treaty declaration
    agreement draft plan strategy guidance analysis review audit article editorial poster sign results findings
    research figures data statistics records emails documents transcript website site page section posting blog
    poll polls polling census reports papers studies surveys assessment note text caption headline inquiry
    investigation investigations test tests autopsy verdict resolution petition motion order warrant charter
    manifesto pamphlet label banner placard plaque slogan leak leaflet dossier index"""
)
DATASETS = _listed("poll polls polling survey surveys census figures data statistics index")
BODIES = _listed(
    """ministry department office agency company firm corporation corp inc ltd plc group bank university college school
    council committee commission court police government administration authority authorities board association
    federation union party league club team institute institution centre center foundation organisation organization
    army navy force forces parliament congress senate house embassy church charity trust fund network service bureau
    service ministry military palace kremlin cabinet coalition alliance airline hospital laboratory society
    campaign embassy treasury watchdog regulator pentagon exchange consortium secretariat assembly division
    united rovers wanderers fc afc airlines airways motors holdings partners energy systems technologies foods
    pharmaceuticals mission delegation jury prosecution defence defense brigade command mosque museum gallery"""
)
PLURAL_PEOPLE = _listed(
    """police people officials researchers scientists critics experts analysts authorities residents witnesses
    investigators prosecutors lawyers sources supporters opponents campaigners activists doctors economists
    lawmakers ministers diplomats leaders teachers parents families users members officers media historians"""
)
OUTLET_WORDS = _listed(
    """news times post journal herald tribune guardian telegraph gazette chronicle observer mirror daily weekly
    magazine press radio television tv broadcasting broadcaster newspaper agency wire standard dispatch courier
    bulletin star mail express independent examiner inquirer sentinel globe review reporter today channel
    network podcast newswire insider sun echo argus register record weekly monthly bild blog"""
)
"""What the names of outlets are made of."""

NO_NAMES = _listed(
    """affairs policy security foreign defence defense trade finance health education interior home justice environment
    energy transport labour labor agriculture culture sport sports state treasury relations development research
    strategy communications operations marketing sales technology science engineering studies medicine law economics
    politics university college shadow deputy acting assistant associate former vice interim special senior junior
    general federal national international european american british english french german italian spanish polish
    russian ukrainian chinese japanese indian israeli palestinian iranian turkish dutch belgian swedish norwegian
    danish finnish irish scottish welsh greek hungarian austrian swiss canadian australian mexican brazilian african
    asian arab korean pakistani afghan iraqi syrian egyptian nigerian kenyan south north east west republican
    democrat democratic conservative liberal labour tory green leader member house rights human climate water food
    public social digital internal external economic financial industry commerce planning housing immigration police
    fire city county district local regional chief secretary party team nato eu un uk us"""
)
"""Words with a capital that stand before a name and are no part of it: “Foreign”, “Security Policy”, “German”."""

PARTICLES = _listed("de da di del della van von der den la le el al bin ibn ben dos das du ter ten af av y e zu zur")
SUFFIXES = _listed("jr jr. sr sr. ii iii iv phd md")

# ------------------------------------------------------------------ verbs that tell a clause from a phrase

BASES = _listed(
    """accept accuse achieve act affect aim allow appear apply approve argue arrest arrive attack attempt attend avoid
    ban beat become begin believe belong block break bring build burn buy call cancel carry cast cause change charge
    choose claim close collapse come compare compete concern consider contain continue contribute control cost cover
    create cross cut damage deal decide decline defeat defend deliver demand deny depend deserve destroy develop die
    differ disappear discover discuss draw drive drop earn eat emerge enable encourage end enjoy enter ensure escape
    establish exceed exist expand expect explain express face fail fall fear feel fight fill find finish fit fly focus
    follow force form function gain get give go grow happen hate have head hear help hit hold hope hurt identify ignore
    impact improve include increase indicate influence intend introduce invest invite involve join jump keep kill know
    lack laugh launch lay lead learn leave let lie like limit link live look lose love maintain make manage mark
    matter mean meet miss move need offer open operate oppose order owe own pass pay perform permit place plan play
    poise pose prefer prepare present prevent produce promise protect prove provide publish pull push put raise reach
    read receive recognise recognize record reduce refuse regret reject relate release rely remain remember remove
    replace represent require resign resist respond rest result return reveal rise risk run save say see seek seem sell
    send serve set settle share shoot show sign sit sound speak spend spread stand start stay step stop strike struggle
    succeed suffer suggest support survive suspect take talk target teach tell tend think threaten throw travel treat
    try turn understand undermine urge use vary violate visit vote wait walk want warn waste watch wear win wish work
    worry write yield lobby pollute poison steal enforce comply tackle trigger fund mislead deter boost cripple
    harm benefit breach accommodate assess acquire adopt agree announce assume blame boast capture celebrate
    collect commit condemn confirm deploy detain elect employ endanger endorse evolve extend finance gather generate
    host hunt incite inform injure insist interfere judge justify match monitor negotiate obtain occupy occur
    outperform persist predict reflect reform regulate repair resume retain rule scare secure shift shrink slow solve
    sponsor strengthen submit surge swim tolerate track train transform trust upset warrant weaken welcome worsen"""
)
PRESENT = frozenset(inflected(base)[0] for base in BASES)
PAST = _listed(
    """became began bought broke brought built burnt came caught chose cut dealt did died drew drove ate fell felt
    fought flew forgot found gave got went grew had heard held hit hurt kept knew laid led left lent let lost made
    meant met paid put ran rang rose said sang sat saw sent set shook shot shut slept sold sought spent spoke stood
    stole struck swam swept swore taught thought threw told took understood was were woke won wore wrote fled hid bit
    bled fed forbade dug hung lit rode sank slid split spread sprang stuck swung tore wept withdrew overcame undertook
    outbid foresaw overtook withheld underwent arose awoke bore"""
)

ABBREVIATIONS = _listed(
    """mr mrs ms dr prof sen rep gov gen col lt sgt capt cmdr adm maj rev hon st jr sr vs inc ltd co corp dept no jan
    feb mar apr jun jul aug sep sept oct nov dec mt ft etc approx est fig al ave blvd rd messrs mx supt insp cpl pvt
    brig ret u.s u.k u.n e.g i.e a.m p.m d.c l.a n.y ph.d m.d u.s.a e.u ed vol pp cf v rs nos"""
)
