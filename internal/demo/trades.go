package demo

import "slices"

// trades returns the thirty activities of the small cooperative. Amounts are in cents; most accounts are meant to stand
// above nil, one does not, and one has nothing yet.
func trades() []trade { return slices.Concat(firstTrades, laterTrades) }

var firstTrades = []trade{
	{
		code: "001", name: "Maëlle céramique", trade: "Potière céramiste", people: []holder{{first: "Maëlle", last: "Kerbrat", bond: associate, fixed: 500_00, tax: 21_000}},
		advisor: "Odile", policy: margin, natures: []string{"made", "service"}, tax: "S20", gross: true, opened: -41, opening: 2140_00, reserve: 600_00, tenths: 20, season: &presents, quotes: 10, buyers: "iiicaci",
		offers: []offer{
			{"made", "Bols en grès, émail bleu de nuit", "pièce", "", 28_00, 38_00, 1_00, 12, 36}, {"made", "Assiettes plates, série « Lisière »", "pièce", "", 34_00, 46_00, 2_00, 10, 24},
			{"service", "Atelier modelage, demi-journée", "personne", "", 55_00, 65_00, 5_00, 4, 10}, {"made", "Vase tourné, pièce unique", "pièce", "", 85_00, 160_00, 5_00, 2, 5},
			{"service", "Stage de tournage, deux jours", "personne", "", 190_00, 220_00, 10_00, 1, 5},
		},
		buys:   []buy{{"601", "Argiles du Beaujolais", "Grès et porcelaine", "D20", 1, 90_00, 260_00}, {"6061", "Énergie Rhône", "Cuissons, électricité du four", "D20", 2, 70_00, 150_00}, {"6063", "Quincaillerie des Pentes", "Outils et émaux", "D20", 3, 45_00, 160_00}, {"6135", "Marché des potiers de la Saône", "Emplacement de marché", "D20", 4, 60_00, 120_00}},
		travel: 38_00,
	},
	{
		code: "002", name: "Formations Odyssée", trade: "Formateur en conduite de projet", people: []holder{{first: "Rachid", last: "El Amrani", bond: associate, fixed: 920_00, tax: 58_000}},
		advisor: "Thibault", policy: house, natures: []string{"training", "service"}, tax: "S20", opened: -52, opening: 6900_00, reserve: 1500_00, tenths: 10, season: &teaching, quotes: 30, buyers: "ccacp",
		offers: []offer{
			{"training", "Formation « Conduire un projet à plusieurs », groupe", "jour", "XFORM", 980_00, 1250_00, 10_00, 2, 4}, {"training", "Formation « Animer une réunion », groupe", "jour", "XFORM", 900_00, 1100_00, 10_00, 1, 2},
			{"service", "Conseil en organisation d’équipe", "jour", "", 780_00, 890_00, 10_00, 1, 3},
		},
		buys:   []buy{{"6132", "Salles du Confluent", "Location de salle de formation", "", 1, 120_00, 290_00}, {"618", "Librairie des Canuts", "Ouvrages", "", 3, 35_00, 110_00}},
		travel: 145_00,
	},
	{
		code: "003", name: "Lumen électricité", trade: "Électricien", people: []holder{{first: "Julien", last: "Morvan", bond: associate, fixed: 850_00, tax: 43_000}},
		advisor: "Thibault", policy: margin, natures: []string{"works", "goods"}, tax: "S10", insurance: tenYears, opened: -30, opening: 5200_00, reserve: 1000_00, tenths: 15, season: &buildings, quotes: 60, buyers: "iikkci",
		offers: []offer{
			{"works", "Remplacement du tableau électrique et mise en sécurité", "forfait", "", 1150_00, 1900_00, 10_00, 1, 1}, {"works", "Réfection des circuits prises et éclairage", "pièce", "", 340_00, 520_00, 10_00, 2, 6},
			{"works", "Mise aux normes d’un logement", "forfait", "", 2100_00, 3400_00, 50_00, 1, 1}, {"works", "Pose d’une borne de recharge", "forfait", "", 890_00, 1250_00, 10_00, 1, 1},
		},
		buys:   []buy{{"601", "Comptoir électrique de l’Est", "Câbles, appareillage et tableaux", "D20", 1, 280_00, 690_00}, {"6063", "Quincaillerie des Pentes", "Petit outillage", "D20", 2, 40_00, 190_00}, {"616", "Mutuelle des Bâtisseurs", "Assurance décennale, trimestre", "", 3, 320_00, 320_00}, {"6135", "Nacelles Rhône-Alpes", "Location de nacelle", "D20", 4, 180_00, 320_00}},
		travel: 210_00,
	},
	{
		code: "004", name: "Jardins de Ninon", trade: "Jardinière paysagiste", people: []holder{{first: "Ninon", last: "Perrault", bond: renewed}},
		advisor: "Odile", policy: house, natures: []string{"service", "goods"}, tax: "S20", opened: 3, tenths: 11, season: &outdoors, quotes: 20, buyers: "piiak",
		offers: []offer{
			{"service", "Entretien des massifs et tonte", "heure", "", 36_00, 42_00, 1_00, 6, 24}, {"service", "Taille de haies", "heure", "", 40_00, 44_00, 1_00, 4, 14},
			{"service", "Plantation de vivaces", "forfait", "", 240_00, 520_00, 10_00, 1, 1},
		},
		buys:   []buy{{"607", "Pépinières de l’Azergues", "Plants et terreau", "D10", 2, 60_00, 240_00}, {"6135", "Nacelles Rhône-Alpes", "Location de matériel", "D20", 3, 70_00, 180_00}},
		travel: 88_00,
	},
	{
		code: "005", name: "Atelier Pixel & Plume", trade: "Graphiste", people: []holder{{first: "Chloé", last: "Bertin", bond: salaried, fixed: 640_00, tax: 12_000}},
		advisor: "Odile", policy: house, natures: []string{"service"}, tax: "S20", opened: -19, opening: 1850_00, tenths: 13, quotes: 55, buyers: "ccacap",
		offers: []offer{
			{"service", "Identité visuelle : logotype et charte", "forfait", "", 1200_00, 2600_00, 50_00, 1, 1}, {"service", "Mise en page d’un rapport", "page", "", 38_00, 52_00, 1_00, 16, 48},
			{"service", "Affiche et déclinaisons", "forfait", "", 420_00, 780_00, 10_00, 1, 2},
		},
		buys:   []buy{{"651", "Polices & Cie", "Abonnement logiciels de création", "D20", 1, 59_00, 59_00}, {"611", "Imprimerie de la Guillotière", "Impressions pour clients", "D20", 2, 120_00, 480_00}},
		travel: 26_00,
	},
	{
		code: "006", name: "Nadir Code", trade: "Développeur de logiciels libres", people: []holder{{first: "Nadir", last: "Hamidi", bond: associate, fixed: 1680_00, tax: 76_000}},
		advisor: "Thibault", policy: scale, natures: []string{"service", "study"}, tax: "S20", opened: -47, opening: 11800_00, reserve: 2500_00, tenths: 8, quotes: 35, buyers: "cccap",
		offers: []offer{
			{"service", "Développement d’une application de gestion", "jour", "", 480_00, 540_00, 10_00, 8, 15}, {"service", "Maintenance et hébergement, trimestre", "forfait", "", 690_00, 990_00, 10_00, 1, 1},
			{"study", "Étude d’architecture et rapport", "jour", "", 520_00, 580_00, 10_00, 3, 7},
		},
		buys:   []buy{{"626", "Nuage lyonnais", "Hébergement de serveurs", "D20", 1, 84_00, 128_00}, {"2183", "Octet & Fils", "Ordinateur portable", "D20", 15, 1490_00, 1690_00}},
		travel: 62_00,
	},
	{
		code: "007", name: "Main tendue", trade: "Aide à domicile", people: []holder{{first: "Fatou", last: "Diallo", bond: salaried, fixed: 720_00}},
		advisor: "Odile", policy: house, natures: []string{"service"}, tax: "S55", opened: -14, opening: 920_00, tenths: 31, quotes: 5, buyers: "iiiiiia",
		offers: []offer{{"service", "Accompagnement à domicile", "heure", "S55", 26_00, 29_00, 50, 8, 22}, {"service", "Aide aux courses et aux repas", "heure", "S55", 26_00, 28_00, 50, 5, 14}},
		buys:   []buy{{"6068", "Pharmacie du Marché", "Gants et produits d’hygiène", "D20", 2, 18_00, 46_00}},
		travel: 74_00,
	},
	{
		code: "008", name: "Langues vives", trade: "Traductrice, anglais et norvégien", people: []holder{{first: "Ingrid", last: "Solberg", bond: associate, fixed: 760_00, tax: 35_000}},
		advisor: "Thibault", policy: scale, natures: []string{"service"}, tax: "S20", opened: -60, opening: 4100_00, reserve: 900_00, tenths: 12, quotes: 20, buyers: "ecseca",
		offers: []offer{{"service", "Traduction technique", "mot", "", 13, 17, 1, 5200, 11800}, {"service", "Relecture bilingue", "heure", "", 52_00, 60_00, 1_00, 6, 16}, {"service", "Traduction d’un site", "forfait", "", 980_00, 1900_00, 20_00, 1, 1}},
		buys:   []buy{{"651", "Lexique Service", "Mémoire de traduction, abonnement", "D20", 1, 39_00, 39_00}, {"618", "Librairie des Canuts", "Dictionnaires", "D55", 5, 40_00, 120_00}},
		travel: 18_00,
	},
	{
		code: "009", name: "Trio paysage", trade: "Aménagement de jardins à trois", people: []holder{
			{first: "Étienne", last: "Rousset", bond: associate, fixed: 680_00, tax: 28_000}, {first: "Amina", last: "Cherif", bond: salaried, fixed: 680_00, tax: 15_000}, {first: "Bastien", last: "Lacombe", bond: salaried, fixed: 560_00, joined: 9, tax: 9_000},
		},
		advisor: "Odile", policy: margin, natures: []string{"works", "service", "goods"}, tax: "S20", insurance: gardens, opened: -26, opening: 9800_00, reserve: 2000_00, tenths: 23, season: &outdoors, quotes: 65, buyers: "kiicpki",
		offers: []offer{
			{"works", "Création d’une terrasse en bois", "m²", "", 128_00, 155_00, 1_00, 14, 32}, {"works", "Maçonnerie paysagère, muret en pierre sèche", "m", "", 185_00, 240_00, 5_00, 6, 16},
			{"service", "Entretien annuel, passage", "passage", "", 290_00, 380_00, 10_00, 1, 4}, {"works", "Engazonnement et arrosage", "forfait", "", 1400_00, 2900_00, 50_00, 1, 1},
		},
		buys:   []buy{{"601", "Scierie du Pilat", "Bois, gravier et pierre", "D20", 1, 850_00, 2300_00}, {"607", "Pépinières de l’Azergues", "Végétaux", "D10", 1, 240_00, 760_00}, {"6061", "Station de la Mouche", "Carburant du camion", "D20", 1, 140_00, 230_00}, {"616", "Mutuelle des Bâtisseurs", "Assurance décennale, trimestre", "", 3, 560_00, 560_00}, {"615", "Garage du Vallon", "Entretien du camion", "D20", 5, 260_00, 640_00}},
		travel: 165_00,
	},
	{
		code: "010", name: "La Roue libre", trade: "Réparateur de vélos", people: []holder{{first: "Hugo", last: "Teixeira", bond: salaried, fixed: 540_00, tax: 6_000}},
		advisor: "Odile", policy: margin, natures: []string{"service", "goods"}, tax: "S20", gross: true, opened: -16, opening: 1320_00, tenths: 23, season: &sunny, quotes: 5, buyers: "iiiicaip",
		offers: []offer{
			{"service", "Révision complète", "vélo", "", 85_00, 110_00, 5_00, 2, 5}, {"goods", "Chaîne, cassette et plateaux", "lot", "", 70_00, 145_00, 5_00, 1, 3}, {"service", "Entretien de la flotte", "vélo", "", 52_00, 64_00, 2_00, 14, 34},
			{"goods", "Vélo reconditionné", "vélo", "", 280_00, 460_00, 10_00, 1, 2},
		},
		buys:   []buy{{"607", "Cycles Distribution Sud", "Pièces détachées", "D20", 1, 190_00, 460_00}, {"6063", "Quincaillerie des Pentes", "Outillage", "D20", 3, 40_00, 160_00}, {"6132", "Ateliers partagés de Vaise", "Établi, loyer", "D20", 1, 120_00, 120_00}},
		travel: 12_00,
	},
	{
		code: "011", name: "La Cuillère d’Inès", trade: "Cuisinière, traiteur végétal", people: []holder{{first: "Inès", last: "Ferreira", bond: associate, fixed: 700_00, tax: 18_000}},
		advisor: "Thibault", policy: margin, natures: []string{"service", "made"}, tax: "S10", opened: -33, opening: 3050_00, reserve: 500_00, tenths: 16, season: &festive, quotes: 40, buyers: "ccaipa",
		offers: []offer{
			{"service", "Buffet servi sur place", "couvert", "S10", 21_00, 28_00, 50, 30, 85}, {"service", "Cocktail dînatoire servi", "couvert", "S10", 17_00, 23_00, 50, 35, 90}, {"made", "Paniers-repas à emporter", "repas", "G55", 13_00, 15_50, 50, 20, 60},
		},
		buys:   []buy{{"601", "Halle paysanne", "Denrées", "D55", 1, 520_00, 980_00}, {"6068", "Vaisselle & Co", "Contenants consignés", "D20", 2, 60_00, 190_00}, {"6132", "Cuisine partagée des Brotteaux", "Heures de cuisine", "D20", 1, 260_00, 340_00}},
		travel: 66_00,
	},
	{
		code: "012", name: "Fil & Façon", trade: "Couturière", people: []holder{{first: "Awa", last: "Traoré", bond: ending}},
		advisor: "Odile", policy: margin, natures: []string{"service", "made"}, tax: "S20", gross: true, opened: 6, tenths: 13, quotes: 0, buyers: "iiica",
		offers: []offer{{"service", "Retouches", "pièce", "", 18_00, 32_00, 1_00, 2, 9}, {"made", "Robe sur mesure", "pièce", "", 240_00, 360_00, 10_00, 1, 1}, {"made", "Sacs en toile recyclée", "pièce", "", 32_00, 42_00, 1_00, 5, 16}},
		buys:   []buy{{"601", "Tissus de la Soie", "Toiles et fils", "D20", 1, 40_00, 140_00}},
		travel: 9_00,
	},
	{
		code: "013", name: "Malo paysage", trade: "Jardinier", people: []holder{{first: "Malo", last: "Le Goff", bond: arrived}},
		advisor: "Odile", policy: scale, natures: []string{"service", "works"}, tax: "S20", opened: 17,
	},
	{
		code: "014", name: "Atelier bois de Farid", trade: "Menuisier", people: []holder{{first: "Farid", last: "Mansouri", bond: salaried, fixed: 300_00}},
		advisor: "Thibault", policy: margin, natures: []string{"works", "made"}, tax: "S10", insurance: tenYears, opened: -11, opening: 2650_00, tenths: 6, season: &buildings, quotes: 50, buyers: "iick",
		offers: []offer{{"works", "Bibliothèque sur mesure, pose comprise", "forfait", "", 1250_00, 2200_00, 50_00, 1, 1}, {"made", "Table en frêne", "pièce", "", 620_00, 980_00, 20_00, 1, 1}, {"works", "Remplacement de portes intérieures", "porte", "", 310_00, 390_00, 10_00, 2, 4}},
		buys:   []buy{{"601", "Scierie du Pilat", "Frêne et contreplaqué", "D20", 1, 110_00, 260_00}, {"6132", "Ateliers partagés de Vaise", "Atelier, loyer", "D20", 1, 150_00, 150_00}, {"616", "Mutuelle des Bâtisseurs", "Assurance décennale, trimestre", "", 3, 240_00, 240_00}},
		travel: 70_00,
	},
	{
		code: "015", name: "Atelier de restauration de vitraux et de mosaïques du Val-Profond", trade: "Vitrailliste", people: []holder{{first: "Marie-Gabrielle", last: "de Saint-Amour-Vandenbroucke", bond: associate, fixed: 760_00, tax: 38_000}},
		advisor: "Thibault", policy: margin, natures: []string{"works", "service"}, tax: "S20", insurance: tenYears, opened: -70, opening: 7600_00, reserve: 1800_00, tenths: 6, quotes: 85, buyers: "papci",
		offers: []offer{{"works", "Dépose, restauration et repose d’un panneau de vitrail", "panneau", "", 1380_00, 2150_00, 10_00, 2, 5}, {"service", "Constat d’état et relevé photographique", "jour", "", 420_00, 480_00, 10_00, 2, 5}, {"works", "Reprise de mosaïque, joints et tesselles", "m²", "", 640_00, 820_00, 10_00, 2, 6}},
		buys:   []buy{{"601", "Verrerie ancienne de Givors", "Verre soufflé, plomb", "D20", 2, 380_00, 990_00}, {"616", "Mutuelle des Bâtisseurs", "Assurance décennale, trimestre", "", 3, 330_00, 330_00}, {"6135", "Nacelles Rhône-Alpes", "Échafaudage", "D20", 4, 290_00, 620_00}},
		travel: 190_00,
	},
}
