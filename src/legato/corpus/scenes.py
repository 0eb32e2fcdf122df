"""Plain words for a style: what people do to it, where it is heard, how it is made. By style name.

A scene follows "music for"; without its article it stands alone.
"""

# Tables: one style to a row reads better than wrapped tuples.
# ruff: noqa: E501

from __future__ import annotations


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (line.split(": ", 1) for line in text.strip().splitlines())
    return {style: tuple(words.split("; ")) for style, words in rows}


SCENES = _table("""
lofi: a rainy Sunday café; study beats; late-night homework; a cosy bedroom; a long coffee break; falling asleep on the sofa; a snowy window; drawing in a sketchbook; reading; a lazy afternoon; a quiet library; watering the plants; a slow morning; coding at midnight
house: a rooftop party; a club at two in the morning; a summer terrace; the dance floor; a pool party; getting ready to go out; a fashion show; a sunset boat party; cardio; a DJ set; an Ibiza beach; a cocktail hour; a weekend warm-up; a shopping trip
techno: a warehouse rave; a dark basement club; a strobe-lit dance floor; an underground party; running on a treadmill; a factory at night; a robot assembly line; the last hour of a rave; a subway tunnel; a hacker scene; an industrial hall; a workout; a laser show
ambient: yoga; meditation; a space station; sleeping; a slow sunrise; drifting clouds; a spa; a deep sea dive; an empty planet; breathing exercises; a museum installation; northern lights; a frozen lake; stargazing; a floating dream
jazz: a smoky bar; a candle-lit dinner; a hotel lobby; a jazz club after midnight; a cocktail party; a New York evening; a noir detective; a wine tasting; a rainy city street; a black-and-white film; brunch; a late train; a dinner party; an old bookshop
rock: a road trip; a stadium show; a garage rehearsal; a motorcycle ride; a football match; a skate park; a high-school movie; a bar fight; a summer festival; an action scene; working out; a truck commercial; a rebel's entrance; driving with the windows down
funk: a street party; a seventies cop show; a roller rink; a heist movie; cooking dinner; a block party; a barbecue; a soul train line; a car chase; a strut down the street; cleaning the house; a comedy scene; a retro commercial; a dance-off
bossa: a beach bar; a hotel elevator; a Sunday brunch; a walk in Rio; a tropical terrace; sipping a caipirinha; a summer holiday; a hammock; a seaside café; a sunset by the ocean; a romantic evening; a garden lunch; a cruise ship; a siesta
synthwave: a late-night drive; a neon city; an eighties action movie; an arcade; a retro video game; a chrome sports car; a cyberpunk alley; a VHS tape; a sunset highway; a training montage; a sci-fi title screen; a Miami night; a laser grid; a robot love story
dnb: a car race; a snowboard video; a rave at dawn; a chase scene; an extreme sports video; a sprint; a racing game; a cyber chase; a sleepless city; an intense workout; a parkour run; a night bus through London; a drone flight; a countdown
quartet: a wedding ceremony; a castle dinner; a period drama; a chamber concert; an art gallery; a tea party; a royal reception; an elegant dinner; a candle-lit church; a costume drama; an autumn garden; a farewell; a chess game; a library at dusk
piano: a quiet evening; a rainy window; a love letter; an empty concert hall; a sad film scene; a memory; a winter night; reading by the fire; a lonely walk; a farewell scene; a diary; a bedtime story; a slow dance; a documentary about childhood
reggae: a beach party; a Jamaican bar; a summer barbecue; a hammock on the island; a lazy Sunday in the sun; surfing; a palm beach; a boat trip; a fruit market; a backyard party; a sunny bike ride; chilling with friends; a holiday in Kingston; a smoke break
orchestral: a boss fight; a movie trailer; a fantasy kingdom; a hero's journey; a battle scene; a victory screen; a dragon's flight; a space opera; a royal procession; a final showdown; an adventure film; a storm at sea; a castle siege; an opening ceremony; a vast landscape
trap: a night ride; a boxing match; a city at night; a rap video; a gym session; a gangster movie; a basketball highlight reel; a luxury car; a freestyle session; a dark alley; a lowrider; a street fashion video; a cold night downtown; a villain's entrance
folk: a campfire; a hike in the mountains; a country road; a farmhouse kitchen; a barn wedding; a picnic; a walk in the woods; a porch at sunset; a village fair; a gardening video; a road through the prairie; an indie film; a family video; a log cabin
disco: a wedding dance; a glitter ball; a roller disco; a seventies nightclub; a birthday party; a New Year's party; an aerobics class; a catwalk; a Saturday night; a dance competition; a drag show; a retro party; a hen party; the last dance
trance: a festival main stage; a sunrise set; a laser arena; hands in the air; a euphoric climax; a night flight; a huge rave; a spinning class; a futuristic city; a beach rave; a long run; a peak-time set; an anthem for ten thousand people; a dream of flying
chiptune: an 8-bit platformer; a boss level; a Game Boy adventure; a pixel dungeon; a high score screen; a retro console; a space shooter; a coin-op arcade; a puzzle game; a pixel art trailer; a level-up; a title screen; a robot cartoon; a speedrun
metal: a mosh pit; a demon army; lifting weights; a Viking battle; a horror game; a monster truck show; the apocalypse; a boss battle; a wrestling entrance; a burning castle; a headbanging crowd; a zombie chase; a furious workout; a shooter game
blues: a dive bar; a whiskey bar; a long train ride; a juke joint; a dusty crossroads; a broken heart; a late shift; a Chicago club; a front porch in Mississippi; a pool hall; a rainy Monday; a lonesome highway; a prison yard; a slow-burning night
celtic: an Irish pub; a green hill; a harvest dance; a misty moor; a fantasy tavern; a hobbit village; a Saint Patrick's parade; a sailing ship; a stone circle; a village dance; a Highland walk; a medieval fair; a cottage by the sea; an elf forest
salsa: a dance class; a street carnival; a Havana night; a Latin club; a hot summer night; a block party in the Bronx; a Cuban bar; a Caribbean festival; a cooking show; a couple dancing; a tropical party; a rum bar; a parade; a Zumba class
baroque: a royal court; a cathedral; a palace ball; a powdered wig; a candle-lit chapel; a banquet at Versailles; a costume ball; a museum tour; a history documentary; a chess tournament; a garden fountain; a ceremony; a fencing lesson; a Venetian mask
""")
"""Scenes that training captions use."""

HELD_OUT_SCENES = _table("""
lofi: a grey afternoon with tea; an all-night essay; a cat on the windowsill; a slow bus home
house: a hotel pool at dusk; a busy hair salon; a vernissage after-party; dancing barefoot
techno: a bunker with no windows; a machine hall after hours; a six-hour set; a power plant
ambient: a planetarium; fog over a valley; a newborn asleep; the bottom of the ocean
jazz: a speakeasy; an oyster bar; a private eye; a slow dance in a hotel bar
rock: a pick-up on a dirt road; a battle of the bands; a leather jacket; a last encore
funk: platform shoes; a detective with sideburns; a soul kitchen; a bowling alley
bossa: an airport lounge; a white sand cove; an open-air breakfast; a linen suit
synthwave: a DeLorean at dusk; a mirror-shaded hero; a mall in 1985; chrome and palm trees
dnb: a motorbike courier; a downhill run; a rooftop escape; sixty seconds left
quartet: a country estate; a marriage proposal; a silent drawing room; a rose garden
piano: an attic with a skylight; the end of a love story; first snow; a letter never sent
reggae: a fishing boat at noon; a coconut stand; a slow river; a yard with a sound system
orchestral: the gates of an ancient city; a rocket launch; an army at dawn; a king's return
trap: a blacked-out limousine; a tattoo parlour; a heavyweight walking in; a frozen parking lot
folk: a hayloft; an old dog by the stove; a ferry to a small island; apple picking
disco: a mirrored ceiling; sequins; a cruise ship ballroom; a conga line of cousins
trance: a stadium of raised arms; a glider above the clouds; the drop at dawn; a comet
chiptune: a handheld console on the bus; a castle made of pixels; an extra life; a cartridge
metal: a volcano; a gladiator pit; a horde at the gates; a broken guitar amp
blues: a bus station at 3 am; a man with one suitcase; a river levee; an empty bottle
celtic: sheep on a cliff; a ceilidh; a lighthouse keeper; a wedding in Galway
salsa: a rooftop in Cali; a red dress; a Sunday in Little Havana; a hot kitchen
baroque: a harpsichord maker's shop; a duke's birthday; a marble staircase; a masked prince
""")
"""Scenes kept for measurement; no training caption or distillation prompt holds one."""

SETTINGS = _table("""
lofi: nineties; bedroom; Tokyo; old-school
house: nineties; Chicago; Ibiza; underground
techno: Berlin; Detroit; nineties; underground; modular
ambient: cosmic; arctic; modern; seventies; Icelandic
jazz: fifties; New York; New Orleans; Parisian; vintage
rock: seventies; nineties; British; Californian; vintage
funk: seventies; New Orleans; Minneapolis; vintage
bossa: sixties; Rio; Brazilian; vintage
synthwave: eighties; Miami; retro-futuristic; Los Angeles
dnb: nineties; London; Bristol; underground
quartet: classical-era; Viennese; romantic-era; nineteenth-century
piano: modern; Parisian; romantic-era; contemporary
reggae: seventies; Jamaican; Caribbean; Kingston
orchestral: Hollywood; modern; medieval fantasy; blockbuster
trap: Atlanta; modern; southern; urban
folk: Appalachian; Nordic; old-time; rural; American
disco: seventies; New York; Italian; vintage
trance: nineties; Dutch; Ibiza; futuristic
chiptune: eighties; Japanese; retro; nineties
metal: eighties; Scandinavian; British; underground
blues: fifties; southern; vintage; Delta-style
celtic: old-world; medieval; windswept; rural
salsa: seventies; Caribbean; tropical; Latin American
baroque: eighteenth-century; Venetian; German; French; courtly
""")
"""Eras and places, as adjectives."""

PRODUCTION = _table("""
lofi: lo-fi; dusty; tape-saturated; warm and worn; hazy
house: punchy; club-ready; polished; pumping; bass-heavy
techno: raw; punchy; cavernous; distorted; mechanical
ambient: spacious; wide; lush; blurred; immersive; slow-moving
jazz: natural; live-sounding; warm; intimate; unplugged
rock: live; loud and roomy; raw; crunchy; big-sounding
funk: dry; tight; punchy; crisp; vintage-sounding
bossa: soft; warm; natural; intimate; smooth
synthwave: glossy; wide; analog; shimmering; saturated
dnb: punchy; bass-heavy; sharp; glossy
quartet: natural; concert-hall; close-up; unplugged; rich
piano: close; intimate; soft; natural; unplugged
reggae: bass-heavy; echoing; warm; analog; roomy
orchestral: wide; huge; concert-hall; cinematic; layered
trap: bass-heavy; hard-hitting; spacious; crisp
folk: unplugged; natural; close; homely; woody
disco: glossy; pumping; polished; glittering; lush
trance: huge; wide; glossy; pumping; soaring
chiptune: bleepy; pixelated; 8-bit; crunchy
metal: crushing; heavy; thick; aggressive; brutal
blues: raw; smoky; live; gritty; unpolished
celtic: natural; lively; unplugged; airy; woody
salsa: hot; live; percussive; crisp
baroque: ornate; concert-hall; natural; crisp; period
""")
"""How a style is made or sounds, as adjectives."""
