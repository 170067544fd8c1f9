"""Whether a text mentions public spaces protection orders: what is said of them, and what is near to it and is not."""

import pytest

from config.topics import load_topics
from notifiers.mentions import mentions

PSPO = load_topics()["pspo"]


def _mentioned(text: str, title: str = "Report") -> bool:
    return bool(mentions(PSPO, f"{title}\n{text}"))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Ombudsman decisions", "The council was at fault in issuing a fixed penalty under a PSPO."),
        ("Walkabout", "The sergeant would like to see a PSPO there. Lighting: a works order raised in May."),
        ("Panel", "Cynigiodd y Cynghorydd Huws y dylid cyflwyno PSPO i atal gwersylla."),
        ("Panel", "The PSPO was noted. The Pensions Committee meets in May."),
        ("Parks\nStreets\nPSPO\nOther", "Nothing was reported."),
        ("Busking", "Officers recommend a PSPO limited to amplification."),
        ("Wardens", "Anyone in breach of the PSPO is spoken to by the Public Spaces Patrol Officers."),
        ("Report", "The proposed park order (PSPO) was discussed."),
    ],
)
def test_letters_are_meant_unless_they_are_explained_as_something_else(title: str, text: str) -> None:
    assert _mentioned(text, title)


@pytest.mark.parametrize(
    "text",
    [
        "PSN - public services network\nPSPO - privacy and security policy owner",
        "The PSPO means Principal Street Projects Officer.",
        "The PSPO form (Private or Service Petrol Order) is withdrawn.",
        "The notice was served on PSPO Ltd, the freeholder.",
        "The Public Space Protection Officer (PSPO) will start in May.",
        "Dee is the new Principal Strategic Planning Officer. She takes over as PSPO in January.",
        "Five of the team hold PSPO I.",
    ],
)
def test_letters_that_are_explained_as_something_else(text: str) -> None:
    assert not _mentioned(text)


ACT = "Anti-social Behaviour, Crime and Policing Act"


@pytest.mark.parametrize(
    "text",
    [
        f"Renewal (s.59/60 of the 2014 {ACT}) was put off.",
        f"The power in section 59A of the {ACT} 2014 was used.",
        f"It was made under sections 59-61 of the {ACT} 2014.",
        f"See sections 59 to 75 inclusive of the {ACT} 2014.",
        f"See ss. 59 and s. 72 of the {ACT} 2014.",
        "Council threw out the order (under section 59) that would have limited preaching.",
        "Have other forces had orders of the section 59 kind?",
        "Made in 2020 under the anti-social behaviour legislation (section 59), it ends in May.",
        "Pursuant to section 72(3) the Council publicises its proposal to extend the High Street order.",
        "RESOLVED that the Order be extended under section 60 until 11 April 2027.",
        f"The order permits the gates. It was made in 2022 under the {ACT} 2014.",
        f"The ban on drinking in the park, made under the {ACT}, stops on 31 May.",
        "The Council's order for the beach (ASB Act 2014) was discussed.",
        "The gates went up under an Order of the 2014 Act.",
        "The Moor Lane order (Part 4 of the 2014 Act) ends in August.",
        "Current orders: Hollin Lane dog exclusion (section 59), valid to 31 December.",
        f"{ACT} 2014: Proposed Order",
        "The Fairground Order of 2022 (Public Spaces Protection) has been varied.",
        "Mae'r gorchymyn presennol, a wnaed o dan Ddeddf 2014, yn dod i ben.",
    ],
)
def test_orders_told_by_their_law(text: str) -> None:
    assert _mentioned(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Portfolio Holder made the order prohibiting car cruising on the retail park.",
        "Views were given on whether the order restricting busking should be varied.",
        "The order dealing with fires on the moor was deferred.",
        "The order restricting the drinking of alcohol in the gardens would expire on 14 August.",
        "RESOLVED that an order be made to prohibit the inhaling, selling or giving away of nitrous oxide.",
        "Renewal of dog orders: consultation began in January.",
        "The railings are locked under the intended gating order. Objections under the 2014 Act close in May.",
        "The ban on nitrous oxide was consulted on. Cabinet decides whether the order should be made.",
        "An order lasts no longer than three years.",
        "The order banning swimming in the reservoir under the Anti-social Behaviour Act 2014.",
        "Orders on street drinking were extended for three years.",
        "The alleygate order expires on 4 June.",
        "The order controlling dogs on the beach lapses in October.",
        "A person drinking contrary to the order, which expires on 4 May, may be fined.",
    ],
)
def test_orders_told_by_what_only_they_do(text: str) -> None:
    assert _mentioned(text)


NEAR = """\
The A4042 order prohibiting driving on Tow Path Lane ends on 4 May 2025.
The Council made the Parking Places Order, restricting waiting outside the dog grooming parlour.
Byelaws prohibit dogs in the cemetery and camping on the common; an order for new signs was placed.
The DPPO banning drinking in the Market Place was made in 2009 under the Criminal Justice and Police Act 2001.
A dog control order made under the Clean Neighbourhoods and Environment Act 2005 applies to the beach.
An injunction banning Mr Jones from begging was made under the Anti-social Behaviour, Crime and Policing Act 2014.
Four CPNs about barbecues were served under the Anti-social Behaviour, Crime and Policing Act 2014.
The court order prohibiting camping on the recreation ground expires on 12 June.
The High Court injunction restricting car cruising in the county will be renewed in May.
A criminal behaviour order banning a man from drinking in the town centre expires on 4 May 2025.
The smoke control order restricting fires in the town was made in 2001.
Section 60 order authorised by the inspector on 4 May was extended to Sunday.
The section 73 application to vary condition 4 was refused, in order to protect neighbours.
The dispersal order in the park under the 2014 Act ended on Sunday.
The order for dog bins was placed with the supplier and the contract ends on 31 March.
The order for new gates was placed in May.
The Council placed an order for fireworks with Starlight Ltd.
An order restricting vehicles over 7.5 tonnes ends on 4 June 2025.
The gating order for Back Street, made under the Highways Act 1980, was revoked.
The dog control orders of 2007 were replaced when the 2014 Act came in.
Designated public places orders restrict drinking in six wards.
The order about alcohol at the football ground was discussed; the club's licence is to be renewed.
A temporary order stopping traffic during the fireworks ends on 6 November.
A tree preservation order covers the oak by the barbecues.
In order to tackle street drinking, the wardens have been given extra hours.
Law and order was discussed, and the need to deal with begging and street drinking.
A motion for public order and against begging was put.
Standing orders were suspended to deal with the item about busking.
The order of business was varied to deal with fires first.
A possession order was made under section 84A; the tenant had let dogs foul, and the tenancy ends on 4 May.
The compulsory purchase order covering the camping field was confirmed.
The works order for barbecues at the lake was raised on 3 May.
A postal order for the busking licence is no longer accepted.
The harbour revision order restricting mooring and fires takes effect in June.
A section 61 order restricting a protest march was made by the police.
The Chief Constable applied for an order banning the procession under section 13 of the Public Order Act 1986.
A ban on barbecues at the allotments has been agreed by the association. The order of judging at the show is as follows.
The voluntary ban on feeding gulls goes on. Members asked for an order form for leaflets.
The Welfare of Dogs Order: the breeder's licence expires in May.
A Dog Control Order, with six signs, is listed in the 2011 minutes; see the Act.
Order: 12 bags of dog feed, ends on Friday.
The Private Members' Safety Partnership Office (PSPO) met in May.
PSPO - public service property office. The PSPO will vote in May.
The PSPO means Principal Street Projects Officer, who will lead the consultation.
Our PSPO Ltd contract ends in May.
The Public Space Protection Officer (PSPO) will start in May.
Section 59 of the Local Government (Miscellaneous Provisions) Act 1976 was used to vary the order.
Section 66 of the Highways Act gave power to make the order about gates.
The street trading order was extended under section 62; the licence fee is £50.
Alcohol: a purchase order was raised for signs that ends on 30 June.
The interim rent order runs out in May; dogs are not allowed in flats.
The restrictions imposed under the Coronavirus Act 2020 have ended.
The order banning overnight parking of camper vans on the seafront ends on 31 October.
The Chief Executive was asked about dogs. The order in which speakers were called was settled by the Chair.
A restraining order prohibiting Mr Lee from drinking at the shelter expires in May.
Officers will order new signs about barbecues and renew the bins.
Section 61 notices on construction noise were varied by order of the Environmental Health Manager.
The Dogs (Fouling of Land) Act order of 1996 was noted.
Section 59 of the Building Act 1984 drainage notice was served; an order for works followed.
Section 70 of the Local Government Act requires the order of names to be published.
The late night levy restricts alcohol; a purchase order was raised for leaflets.
Members noted that the Sunday trading order expires, and that dogs are welcome in shops.
The noise abatement order restricting the pub's outdoor drinking area runs out on 4 May.
Street naming order: Barbecue Lane.
The military order banning fires in the blackout was shown at the museum.
The Anti-social Behaviour, Crime and Policing Act 2014 gives the police power to order people to leave.
The Anti-social Behaviour, Crime and Policing Act 2014 was noted. The order of business was then changed.
A community order requiring him to clear graffiti was made by the youth panel.
Fixed penalties under the 2014 Act: CPN 12, fly-tipping 4, in order of number.
The Care Act 2014 Order was noted.
A sex offender's order under the 2014 Act prohibits him from the park.
Interim order: 42 Mill Street. A prohibition order under the Housing Act 2004 restricts use of the gates.
The experimental order allowing bus gates ends on 5 May 2025.
The traffic order on Gate Street expires; gates will be put up.
The footpath diversion order about the kissing gates was confirmed, and ends the dispute.
Allotment rule: no fires. In order to renew a plot, pay by May.
Definitive map modification order: gates and dogs on the bridleway; objections end on 4 May.
The Animal Welfare (dogs) licence ends on 5 May; the order form is online.
An expedited order for gritting salt was placed.
Closing order for Alcohol Recovery Centre; lease ends on 31 May.
The emergency prohibition of fires in drought was lifted, and an order for hoses made.
PSPO-certified staff were thanked.
The PSPO (Passenger Services and Parking Office) moves in May.
The Order of St John would speak on alcohol; the lease expires in May."""


@pytest.mark.parametrize("text", NEAR.splitlines())
def test_other_orders_and_no_orders(text: str) -> None:
    assert not _mentioned(text)
