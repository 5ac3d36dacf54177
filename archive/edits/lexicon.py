"""
Words that decide how grave a change is, in the languages that are met most.

A language that is not here still has its digits, names, quotations and whole sentences judged.
"""

__all__ = ["GRAMMAR", "HEDGES", "NEGATIONS", "NUMBERS", "SAYING", "TIMES"]


def _words(*lists: str) -> frozenset[str]:
    return frozenset(word for one in lists for word in one.split())


#: Words that carry grammar rather than facts.
GRAMMAR = _words(
    "a an the this that these those of to in on at by for with from as and or but so then than is are was were be been",
    "being has have had do does did will would it its their his her they them he she we our you your i also just very",
    "which who whom whose there here into onto about up out over when while where how such more most",
    "der die das den dem des ein eine einen einem einer eines und oder aber in im an am auf zu zum zur von vom mit für",
    "als ist sind war waren wird wurde wurden hat haben sich er sie es wir dass so auch noch",
    "el la los las un una unos unas de del y o en con por para al que se su sus es son fue ha han lo como más",
    "le les du des et ou dans avec pour au aux il elle ils elles on ce cette ces qui est sont était a ont",
    "gli i uno di da e che si il nel della dei delle è sono con su",
    "een het van met voor en op te dat die is zijn om aan bij door",
    "os as dos das em no na nos nas ao à um uma com não-",
    "og i på av til som en et den det de er var har",
    "och att som en ett den det är var har på av för",
    "w na z i o do się że jest są był była",
    "и в на с по к от за что это он она они как из у о",
)

NEGATIONS = _words(
    "not no never none nobody nothing nor neither without cannot",
    "nicht kein keine keinen keiner keinem nie niemals ohne niemand nichts weder",
    "non pas jamais aucun aucune sans ni rien personne guère",
    "nunca ningún ninguna ninguno sin nadie nada tampoco jamás",
    "mai nessun nessuna senza né niente",
    "não nem sem nunca nenhum nenhuma",
    "niet geen nooit zonder niemand niets",
    "inte ingen inga inget aldrig utan ikke ingen aldri aldrig uden uten",
    "nie nigdy bez żaden żadna nikt ne nikdy bez žádný není",
    "değil hiç yok ei eivät en koskaan ilman",
    "не нет никогда без никто ничего ні немає без ніколи",
)

#: From zero on, a language a line.
_COUNTED = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig
cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte
zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt
zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti
zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezasseis dezassete dezoito dezanove vinte
nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig
"""
_NAMED = {
    "1st": "first erste ersten erster primero premier primo",
    "2nd": "second zweite zweiten zweiter segundo deuxième secondo",
    "3rd": "third dritte dritten dritter tercero troisième terzo",
    "4th": "fourth vierte vierten vierter",
    "5th": "fifth fünfte fünften fünfter",
    "12": "dozen dutzend docena douzaine dozzina",
    "100": "hundred hundert cien ciento cent cento honderd",
    "1000": "thousand tausend mil mille mila duizend",
    "million": "million millionen millón millones millions milione milioni miljoen milhão milhões mn",
    "billion": "billion milliarde milliarden milliard milliards miliardo miliardi miljard bilhão bilhões bn",
    "half": "half halb hälfte mitad moitié metà metade helft",
    "twice": "twice doppelt doble double doppio",
}

#: Number words → digits, so that "six" for "6" is style and "seven" for "6" is a fact.
NUMBERS = {
    word: str(value)
    for names in _COUNTED.strip().splitlines()
    for value, word in enumerate(names.split())
    if word not in GRAMMAR
} | {word: value for value, words in _NAMED.items() for word in words.split()}

#: Days and months: a date is a fact.
TIMES = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september",
    "october november december today yesterday tomorrow",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober dezember heute gestern morgen",
    "lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre hoy ayer",
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre novembre décembre hier demain",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre ieri oggi domani",
)

#: Words that make a statement less certain or less final than it was.
HEDGES = _words(
    "may might could perhaps possibly reportedly allegedly apparently appears appeared seems seemed suggests suggested",
    "review reviewing consider considering examine prepared expected likely unlikely suspected some nearly",
    "könnte könnten dürfte soll sollen mutmaßlich angeblich offenbar womöglich möglicherweise vermutlich wohl prüfen",
    "podría podrían supuestamente presunto presunta posiblemente quizá parece aparentemente",
    "pourrait pourraient peut-être semble aurait auraient serait présumé possiblement",
    "potrebbe forse sembra presunto",
)

#: Verbs of speech: who stands beside one is the source of a statement.
SAYING = _words(
    "said says told according wrote announced added stated warned called",
    "sagte sagt sagten erklärte teilte schrieb laut zufolge betonte",
    "dijo afirmó según explicó declaró señaló aseguró",
    "dit déclaré selon affirmé expliqué indiqué assuré raconte",
    "detto secondo affermato dichiarato spiegato",
    "zei volgens aldus disse segundo afirmou",
)
