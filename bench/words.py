"""Words to write claims and articles with: a few hundred real ones, the rest made of syllables.

Words come in order of how common they are, and are drawn as they are in real texts (Zipf): the tenth about a tenth
as often as the first. Planted words stand outside the list, so that a search knows how much it must find.
"""

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass

FREQUENT = "ceasefire"
"""Planted in every tenth claim."""
SELECTIVE = "desalination"
"""Planted in every hundredth claim."""
RARE = "zeppelin"
"""Planted in ``RARE_CLAIMS`` claims, however many there are."""
RARE_CLAIMS = 20
PHRASE = "northern pipeline"
"""Planted in every two-hundredth claim."""

ENGLISH = """
the of to in and a that for on it with as is at by from be was has have not will are its but they were this been their
which had more than would he about after over also up new who two said year could other people government one out last
into first when country war all some minister against under three percent president during state she million before
most no if years between police party day so because since there being only still security city military can down
europe now including while made many may world support week group where law month should court energy part attack
defence region eu report billion price plan national own power public such now must election troops border foreign
both did army talks former company food back market through off another system several leaders any money number
office four trade very among until rise five capital tax health budget water deal aid parliament weapons gas claim
area budget per members service north south work control house campaign media economic growth women children workers
union bank industry oil reports river forces air east west local official head court town base drone field rules
school land cost grain harbour union road bridge debt wage hospital science climate coast island fleet tank radar
shell pilot farmer miner teacher judge mayor senator envoy broker vendor refugee soldier sailor nurse engineer editor
"""

SYLLABLES = {
    "en": "ba be bri ca cen cla co cor cu da de dis do dra en er fa fer fi flo for ga gen gra ha hi in ka la len li lo"
    " lu ma men mi mo na ne ni no or pa per pi po pra qui ra re ri ro sa sen si so sta stri su ta te ter ti to tra"
    " u va ven vi vo wa wi za",
    "de": "ab an auf be blei bür der dig ein end er feld för ge gung hal heit in kom lei lich mög mün nen ord pfle"
    " rech sam schaft sen stär ta tra tung über ver vor wei wer zei zu",
    "fr": "a bé cer cha con cré dé deux é en fai fé gré in jeu la lè ma mé nou ou pa pré quê ra ré sa sé ta té tion"
    " tou u ve voi vê",
    "es": "a bra ca ción co da de día do en es fi gue ha in ja la lle ma mi mo na ña no pa que ra ri sa señ si ta te"
    " tó tra u va vi",
    "uk": "ба ви во га да де же за зі ка ки ко ла ли лі ма ми на не ни ні но па пе по ра ри ро са си ся та ти то ту"
    " ща ці",
    "pl": "bie bra cią cze da do dzie ga go ję ka kie ko ła łe ma mi na nie nę o pa po prze ra ro ró się sta szy ta"
    " to wa wie wy za że",
}
"""By language what its made-up words are built from."""

SIZES = {"en": 20_000, "de": 6_000, "fr": 6_000, "es": 6_000, "uk": 6_000, "pl": 6_000}
SENTENCES = 4_000
"""How many ready sentences each language has to fill articles with."""


@dataclass
class Vocabulary:
    """One language's words, the most common first, and ready sentences made of them."""

    words: list[str]
    weights: list[float]
    sentences: list[str]

    def draw(self, chance: random.Random, number: int) -> list[str]:
        """``number`` words, common ones often."""
        return chance.choices(self.words, cum_weights=self.weights, k=number)

    def rare_pair(self, chance: random.Random) -> list[str]:
        """Two words as a name has them: seldom among the common ones."""
        return [self.words[chance.randrange(len(self.words) // 20, len(self.words))] for _ in range(2)]


def vocabularies(chance: random.Random) -> dict[str, Vocabulary]:
    """By language its vocabulary; the same for the same ``chance``."""
    return {language: _vocabulary(language, chance) for language in SYLLABLES}


def _vocabulary(language: str, chance: random.Random) -> Vocabulary:
    words = dict.fromkeys(ENGLISH.split() if language == "en" else [])
    planted = {FREQUENT, SELECTIVE, RARE, *PHRASE.split()}
    syllables = SYLLABLES[language].split()
    while len(words) < SIZES[language]:
        # Common words are short.
        most = 2 if len(words) < 500 else 3 if len(words) < 5_000 else 4
        word = "".join(chance.choices(syllables, k=chance.randint(2, most)))
        if word not in planted:
            words[word] = None
    made = Vocabulary(list(words), zipf(len(words)), [])
    made.sentences = [sentence(made.draw(chance, chance.randint(8, 20))) for _ in range(SENTENCES)]
    return made


def sentence(words: Sequence[str]) -> str:
    """``words`` with a capital and a full stop."""
    line = " ".join(words)
    return f"{line[0].upper()}{line[1:]}."


def zipf(size: int, head: float = 0.0) -> list[float]:
    """Cumulative weights of ``size`` things, the first drawn most. ``head`` is the share of the first, 0 for
    what Zipf's law gives it."""
    flat = 0.0
    if head:
        low, high = 0.0, float(size)
        for _ in range(50):
            flat = (low + high) / 2
            share = (1 / (1 + flat)) / sum(1 / (rank + flat) for rank in range(1, size + 1))
            low, high = (flat, high) if share > head else (low, flat)
    return list(itertools.accumulate(1 / (rank + flat) for rank in range(1, size + 1)))
