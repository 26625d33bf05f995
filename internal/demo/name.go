package demo

// Invented buyers. The towns are invented too, save Lyon, Berlin, Turin, Ghent and Geneva; so that no real enterprise,
// town hall or building appears as somebody's late payer.

type town struct{ zip, name string }

var towns = []town{
	{"69001", "Lyon"}, {"69003", "Lyon"}, {"69004", "Lyon"}, {"69007", "Lyon"}, {"69009", "Lyon"},
	{"69290", "Saint-Aubin-les-Vignes"}, {"69380", "Val-sur-Azergues"}, {"69610", "Montrieux"}, {"38790", "Les Granges-du-Rhône"}, {"42410", "Pélussac"}, {"01700", "Beynost-le-Vieux"},
}

var streets = []string{
	"rue des Tanneurs", "montée de la Boucle-d’Or", "quai des Mariniers", "rue du Moulin-à-Foulon", "cours des Mûriers", "place du Vieux-Four", "rue des Trois-Navettes",
	"allée des Métiers", "chemin des Vorgines", "rue de la Filature", "impasse du Rossignol", "avenue des Coopérateurs",
}

var companyNames = []string{
	"Brindille d’Orge", "Ateliers Corbeau Blanc", "Maison Vernay", "Librairie L’Encre bleue", "Studio Quatre Vents", "Graines et Vrac", "Menuiserie Favre et Fille", "Hôtel des Trois Ponts",
	"Café Le Petit Somme", "Éditions du Cerisier", "Thermoval", "Logivert Transports", "Clinique vétérinaire du Parc-aux-Daims", "Cabinet Lestrade Architectes", "Épicerie Chez Nous", "Solstice Ingénierie",
	"Les Jardins d’Épicure", "Galerie Ombre portée", "Fromagerie Bel-Air", "Imprimerie du Levant", "Octave & Nina", "Domaine des Roches rouges", "Mobilune", "Coopérative Laine des Monts",
	"Agence Cap-Horn", "Théâtre du Fil", "Opticiens de la Place", "Savonnerie Centrale de l’Ouest", "Résidence Les Glycines", "Restaurant Le Grand Écart", "Fonderie Chalamel", "Pharmacie de la Tour",
	"Crèche Les P’tits Galets", "Tiers-lieu La Fabrique", "Maroquinerie Alcôve", "Aciers du Garon", "Bureau d’études Hydrea", "Pension Canine du Grand Pré",
}

var associationNames = []string{
	"Association Les Mains vertes", "Maison des jeunes de Montrieux", "Comité des fêtes de Pélussac", "Festival Paroles d’hiver", "Amicale laïque des Granges", "Collectif Roue Commune", "Université populaire du Val", "Secours des Pentes",
	"Chorale Diapason", "Ressourcerie La Seconde Main", "Épicerie solidaire du Ruisseau", "Club nautique de la Dombes-Basse",
}

var condominiums = []string{
	"Syndicat des copropriétaires Le Clos Jouvet", "Syndicat des copropriétaires Les Terrasses de Loyasse", "Syndicat des copropriétaires Résidence du Vieux-Four", "Syndicat des copropriétaires 14 quai des Mariniers",
	"Syndicat des copropriétaires Les Mûriers",
}

var publicBodies = []struct {
	name    string
	at      town
	service string
}{
	{"Commune de Val-sur-Azergues", town{"69380", "Val-sur-Azergues"}, "ESPVERTS"}, {"Commune de Montrieux", town{"69610", "Montrieux"}, "TECHNIQUE"}, {"Communauté de communes du Val-Profond", town{"69290", "Saint-Aubin-les-Vignes"}, "PATRIMOINE"},
	{"Lycée Marie-Laurencin-Ferrand", town{"69290", "Saint-Aubin-les-Vignes"}, "INTENDANCE"}, {"Médiathèque intercommunale des Granges", town{"38790", "Les Granges-du-Rhône"}, "CULTURE"},
}

type abroad struct{ name, line, zip, city, country, vat string }

var unionCompanies = []abroad{
	{"Verlag Nordlicht GmbH", "Lindenstraße 12", "10969", "Berlin", "DE", "DE999999999"}, {"Studio Ferrara Srl", "via dei Mille 8", "10123", "Torino", "IT", "IT00000010215"}, {"Papiermolen BV", "Kouter 4", "9000", "Gent", "BE", "BE0000000097"},
}

var swissCompanies = []abroad{{"Éditions du Léman SA", "rue des Eaux-Vives 31", "1207", "Genève", "CH", "CHE-000.000.017 TVA"}}

var firstNames = []string{
	"Aïcha", "Bruno", "Carmen", "Dominique", "Elias", "Françoise", "Giulia", "Hassan", "Irène", "Jacques", "Kadiatou", "Lucas", "Minh", "Nour", "Olga", "Patrice", "Quentin", "Rosa", "Sébastien", "Thérèse",
	"Ulysse", "Valentina", "William", "Xavier", "Yasmine", "Zoé", "Agnès", "Bakary", "Cécile", "Duarte", "Émilie", "Farah", "Gaspard", "Hortense", "Ilan", "Jeanne", "Kenza", "Léon", "Mireille", "Noé",
}

var lastNames = []string{
	"Arnoux", "Bouaziz", "Chapuis", "Da Silva", "Esposito", "Fofana", "Goncalves", "Hernandez", "Ivanov", "Joly", "Keita", "Lefort", "Moreau", "N’Diaye", "Ollivier", "Petit", "Quéméner", "Rahmani", "Sanchez", "Tran",
	"Ung", "Vallet", "Weber", "Ximenes", "Yilmaz", "Zimmermann", "Bonnefoy", "Charpin", "Desbois", "El Idrissi", "Fayolle", "Grangier", "Haddad", "Juillard", "Kovacs", "Lambert", "Mercadier", "Nogueira", "Ostrowski", "Perret",
}
