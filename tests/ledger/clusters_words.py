"""What tests/ledger/clusters.py writes its reports with: areas, outlets, bodies, events and sentences, all of it
bilingual, Arabic first. Everything but the names of towns is invented. Sentences that belong together in a
translation stand side by side."""

# area: country, Arabic and English name, towns that are no more than an hour apart: (Arabic, English)
AREAS = [
    ('SY', 'إدلب', 'Idlib', [('سراقب', 'Saraqib'), ('أريحا', 'Ariha'), ('معرة النعمان', 'Maarat al-Numan'),
                             ('بنش', 'Binnish'), ('جسر الشغور', 'Jisr al-Shughur')]),
    ('SY', 'حلب', 'Aleppo', [('اعزاز', 'Azaz'), ('الباب', 'Al-Bab'), ('جرابلس', 'Jarabulus'), ('منبج', 'Manbij'),
                             ('عفرين', 'Afrin')]),
    ('SY', 'دير الزور', 'Deir ez-Zor', [('الميادين', 'Al-Mayadin'), ('البوكمال', 'Abu Kamal'), ('هجين', 'Hajin'),
                                        ('البصيرة', 'Al-Busayrah')]),
    ('SY', 'درعا', 'Daraa', [('نوى', 'Nawa'), ('جاسم', 'Jasim'), ('الصنمين', 'Al-Sanamayn'), ('إنخل', 'Inkhil')]),
    ('IQ', 'ديالى', 'Diyala', [('خانقين', 'Khanaqin'), ('جلولاء', 'Jalawla'), ('المقدادية', 'Muqdadiya'),
                               ('الخالص', 'Al-Khalis')]),
    ('IQ', 'صلاح الدين', 'Salah al-Din', [('بيجي', 'Baiji'), ('سامراء', 'Samarra'), ('بلد', 'Balad'),
                                          ('تكريت', 'Tikrit')]),
    ('IQ', 'الأنبار', 'Anbar', [('هيت', 'Hit'), ('حديثة', 'Haditha'), ('الفلوجة', 'Fallujah'),
                                ('الرطبة', 'Rutba')]),
    ('IQ', 'نينوى', 'Nineveh', [('سنجار', 'Sinjar'), ('تلعفر', 'Tal Afar'), ('مخمور', 'Makhmur'),
                                ('القيارة', 'Qayyarah')]),
    ('YE', 'الحديدة', 'Hodeidah', [('حيس', 'Hays'), ('الخوخة', 'Al-Khawkhah'), ('زبيد', 'Zabid'),
                                   ('بيت الفقيه', 'Bayt al-Faqih')]),
    ('YE', 'حجة', 'Hajjah', [('حرض', 'Haradh'), ('ميدي', 'Midi'), ('عبس', 'Abs')]),
    ('YE', 'صعدة', 'Saada', [('رازح', 'Razih'), ('حيدان', 'Haydan'), ('باقم', 'Baqim'), ('كتاف', 'Kitaf')]),
    ('SD', 'شمال كردفان', 'North Kordofan', [('الأبيض', 'El Obeid'), ('الرهد', 'Er Rahad'),
                                             ('أم روابة', 'Umm Ruwaba')]),
    ('SD', 'الجزيرة', 'Gezira', [('ود مدني', 'Wad Madani'), ('المناقل', 'Al-Managil'), ('الحصاحيصا', 'Al-Hasahisa')]),
    ('LY', 'الزاوية', 'Zawiya', [('صبراتة', 'Sabratha'), ('صرمان', 'Surman'), ('العجيلات', 'Al-Ajaylat'),
                                 ('زوارة', 'Zuwara')]),
    ('LB', 'النبطية', 'Nabatieh', [('بنت جبيل', 'Bint Jbeil'), ('الخيام', 'Khiam'), ('ميس الجبل', 'Mays al-Jabal'),
                                   ('عيترون', 'Aitaroun')]),
    ('PS', 'غزة', 'Gaza', [('خان يونس', 'Khan Yunis'), ('رفح', 'Rafah'), ('جباليا', 'Jabalia'),
                                     ('دير البلح', 'Deir al-Balah')]),
]

# kind, Arabic and English name, Arabic gender: their own language is told by the first column
OUTLETS = [
    ('ar', 'وكالة', 'شراع للأنباء', 'Shiraa News Agency', 'f'), ('ar', 'وكالة', 'رند برس', 'Rand Press', 'f'),
    ('ar', 'وكالة', 'نبراس الشرق', 'Nibras al-Sharq', 'f'), ('ar', 'موقع', 'ضفاف', 'Difaf', 'm'),
    ('ar', 'موقع', 'حبر وطن', 'Hibr Watan', 'm'), ('ar', 'موقع', 'قناديل المساء', 'Qanadeel al-Masaa', 'm'),
    ('ar', 'صحيفة', 'السنبلة', 'Al-Sunbula', 'f'), ('ar', 'صحيفة', 'الميزان الجديد', 'Al-Mizan al-Jadid', 'f'),
    ('ar', 'صحيفة', 'صدى السهل', 'Sada al-Sahl', 'f'), ('ar', 'شبكة', 'زيتون الإخبارية', 'Zaytoun Network', 'f'),
    ('ar', 'شبكة', 'رواق', 'Riwaq', 'f'), ('ar', 'قناة', 'الأفق الثامن', 'Al-Ufuq 8', 'f'),
    ('ar', 'قناة', 'مدار اليوم', 'Madar Today', 'f'), ('ar', 'إذاعة', 'صوت الوادي', 'Sawt al-Wadi', 'f'),
    ('ar', 'إذاعة', 'نوافذ', 'Nawafidh', 'f'), ('ar', 'منصة', 'سطور', 'Sutour', 'f'),
    ('ar', 'منصة', 'مرايا', 'Maraya', 'f'), ('ar', 'وكالة', 'الساحل للأخبار', 'Al-Sahel Agency', 'f'),
    ('en', 'صحيفة', 'ذا لانترن بوست', 'The Lantern Post', 'f'), ('en', 'وكالة', 'كيستون واير', 'Keystone Wire', 'f'),
    ('en', 'صحيفة', 'ذا نورثرن غازيت', 'The Northern Gazette', 'f'),
    ('en', 'موقع', 'بلو هارو نيوز', 'Blue Harrow News', 'm'),
    ('en', 'صحيفة', 'ذا سكوير ميل', 'The Square Mile', 'f'), ('en', 'موقع', 'ليفانت ليدجر', 'Levant Ledger', 'm'),
    ('en', 'صحيفة', 'ذا هافمون كوريير', 'The Halfmoon Courier', 'f'), ('en', 'وكالة', 'بيكون ريبورت', 'Beacon Report', 'f'),
]

# monitors and organisations: Arabic full, short, English full, short, acronym, what else they are called in English
# and in Arabic, Arabic gender, head (Arabic, English)
MONITORS = [
    ('مرصد الغصن لحقوق الإنسان', 'مرصد الغصن', 'Ghusn Observatory for Human Rights', 'the Ghusn Observatory', 'GOHR',
     'm', ('مدير مرصد الغصن، وائل التكلي§', 'Wael al-Takli, the director of the Ghusn Observatory§')),
    ('منظمة ميثاق للعدالة', 'منظمة ميثاق', 'Mithaq Organisation for Justice', 'Mithaq', 'MOJ', 'f',
     ('مديرة منظمة ميثاق، هدى رسلان§', 'Huda Raslan, the head of Mithaq§')),
    ('شبكة توثيق للحقوق والحريات', 'شبكة توثيق', 'Tawtheeq Network for Rights and Freedoms', 'the Tawtheeq Network',
     'TNRF', 'f', ('المتحدث باسم شبكة توثيق، أيمن الصوفي§', 'Ayman al-Sufi, a spokesman for the Tawtheeq Network§')),
    ('مركز دجلة للتوثيق', 'مركز دجلة', 'Dijla Documentation Centre', 'the Dijla Centre', 'DDC', 'm',
     ('رئيس مركز دجلة، عادل الجبوري§', 'Adel al-Jubouri, who heads the Dijla Centre§')),
    ('مرصد السنابل الحقوقي', 'مرصد السنابل', 'Sanabel Rights Observatory', 'the Sanabel Observatory', 'SRO', 'm',
     ('المدير التنفيذي لمرصد السنابل، نادر هاشم§', 'Nader Hashem, executive director of the Sanabel Observatory§')),
    ('مؤسسة ذاكرة لرصد الانتهاكات', 'مؤسسة ذاكرة', 'Zakira Foundation', 'Zakira', 'ZFV', 'f',
     ('رئيسة مؤسسة ذاكرة، سلمى العبسي§', 'Salma al-Absi, the chair of Zakira§')),
]

# the last three are no offices but people who are described: two outlets may have heard two of them
# offices: key, Arabic forms with gender, English forms; {t} {T} town, {g} {G} area. The forms of one office are one voice.
OFFICES = [
    ('health', [('مديرية صحة {g}', 'f'), ('دائرة الصحة في {g}', 'f'), ('مدير صحة {g}', 'm'),
                ('المتحدث باسم مديرية صحة {g}', 'm')],
     ['the health directorate of {G}', "{G}'s health directorate", 'the head of the {G} health directorate']),
    ('hospital', [('مدير مستشفى {t} العام', 'm'), ('إدارة مستشفى {t} العام', 'f'), ('مدير مستشفى {t}', 'm')],
     ['the director of {T} general hospital', "{T} hospital's director", 'the management of {T} general hospital']),
    ('defence', [('الدفاع المدني في {g}', 'm'), ('مديرية الدفاع المدني في {g}', 'f'),
                 ('المتحدث باسم الدفاع المدني في {g}', 'm')],
     ['the civil defence in {G}', 'the {G} civil defence', 'a spokesman for the civil defence in {G}']),
    ('police', [('قيادة شرطة {g}', 'f'), ('المتحدث باسم شرطة {g}', 'm'), ('شرطة {g}', 'f')],
     ['{G} police', 'the police command in {G}', 'a spokesman for {G} police']),
    ('mayor', [('رئيس بلدية {t}', 'm'), ('رئيس المجلس البلدي في {t}', 'm')],
     ['the mayor of {T}', "{T}'s mayor"]),
    ('operations', [('قيادة عمليات {g}', 'f'), ('بيان لقيادة عمليات {g}', 'm')],
     ['{G} Operations Command', 'the operations command in {G}']),
    ('council', [('المجلس المحلي في {t}', 'm'), ('المجلس المحلي لبلدة {t}', 'm')],
     ['the local council in {T}', 'the {T} local council']),
    ('ambulance', [('مصدر في إسعاف {g}', 'm'), ('مصدر إسعافي في {g}', 'm')],
     ['a source in the {G} ambulance service', 'a {G} ambulance source']),
    ('surgeon', [('طبيب جراح في مستشفى {t} الميداني', 'm'), ('طبيب في المستشفى الميداني في {t}', 'm')],
     ["a surgeon at {T}'s field hospital", 'a doctor at the field hospital in {T}']),
    ('officer', [('ضابط برتبة رائد في الجيش', 'm'), ('ضابط في الجيش برتبة رائد', 'm')],
     ['an army officer with the rank of major', 'an army major']),
]

# people heard by an outlet and not described further: Arabic, gender, English
HEARD = [
    ('مصدر محلي', 'm', 'a local source'), ('شاهد عيان', 'm', 'a witness'), ('أحد سكان البلدة', 'm', 'a resident'),
    ('أحد الأهالي', 'm', 'a local man'), ('ناشط ميداني', 'm', 'an activist'), ('مصادر محلية', 'f', 'local sources'),
    ('مصدر طبي', 'm', 'a medical source'), ('مصدر أمني', 'm', 'a security source'), ('مسعف', 'm', 'a paramedic'),
    ('إحدى السيدات من سكان الحي', 'f', 'a woman who lives in the neighbourhood'),
]

DENIERS = [
    ('المتحدث العسكري باسم القوة المشتركة', 'm', 'a military spokesman for the Joint Force'),
    ('قيادة القوة المشتركة', 'f', 'the Joint Force command'),
    ('الناطق باسم لواء الصخر', 'm', 'a spokesman for the Sakhr Brigade'),
    ('مصدر رسمي في وزارة الدفاع', 'm', 'an official at the defence ministry'),
]

# events: Arabic noun with gender, other words for it, English with article, other words, shape of its sentences
EVENTS = [
    ('غارة جوية', 'f', ['ضربة جوية', 'غارة لطائرة حربية'], 'an air strike', ['an aerial bombing', 'an airstrike'],
     'hit'),
    ('قصف مدفعي', 'm', ['قصف بالمدفعية الثقيلة', 'قذائف مدفعية'], 'artillery shelling',
     ['shelling', 'artillery fire'], 'hit'),
    ('قصف صاروخي', 'm', ['سقوط صواريخ', 'قصف براجمات الصواريخ'], 'rocket fire', ['a rocket attack', 'rockets'], 'hit'),
    ('هجوم بطائرة مسيّرة', 'm', ['ضربة نفذتها طائرة مسيّرة', 'استهداف بطائرة من دون طيار'], 'a drone strike',
     ['a drone attack', 'a strike by a drone'], 'hit'),
    ('عبوة ناسفة', 'f', ['عبوة مزروعة', 'عبوة محلية الصنع'], 'a roadside bomb', ['an explosive device', 'a bomb'],
     'blast'),
    ('سيارة مفخخة', 'f', ['سيارة ملغومة', 'عربة مفخخة'], 'a car bomb', ['a booby-trapped car', 'a car bomb'],
     'blast'),
    ('لغم أرضي', 'm', ['لغم من مخلفات المعارك', 'لغم'], 'a landmine', ['a mine', 'an old mine'], 'blast'),
    ('هجوم مسلح', 'm', ['إطلاق نار', 'هجوم شنه مسلحون'], 'a gun attack', ['a shooting', 'an attack by gunmen'],
     'raid'),
]

SITES = [
    ('سوق الخضار', 'the vegetable market'), ('مدرسة ابتدائية', 'a primary school'),
    ('منزلاً من طابقين', 'a two-storey house'), ('مخبزاً', 'a bakery'), ('محطة للوقود', 'a petrol station'),
    ('ورشة لإصلاح السيارات', 'a car repair shop'), ('حافلة صغيرة', 'a minibus'), ('مركزاً صحياً', 'a health centre'),
    ('تجمعاً للنازحين', 'a camp for displaced people'), ('مزرعة للدواجن', 'a poultry farm'),
    ('موقف سيارات الأجرة', 'a taxi stand'), ('محلاً لبيع الهواتف', 'a phone shop'),
]
POSTS = [('حاجزاً عسكرياً', 'an army checkpoint'), ('نقطة مراقبة', 'an observation post'),
         ('دورية راجلة', 'a foot patrol'), ('رتلاً عسكرياً', 'a military convoy')]

# parts of the day: Arabic for today, for yesterday, for a named day; English
PARTS = [
    ('فجر اليوم {d}', 'فجر أمس {d}', 'فجر {d}', 'at dawn on {D}'),
    ('صباح اليوم {d}', 'صباح أمس {d}', 'صباح {d}', 'on {D} morning'),
    ('ظهر اليوم {d}', 'ظهر أمس {d}', 'ظهر {d}', 'at noon on {D}'),
    ('عصر اليوم {d}', 'عصر أمس {d}', 'عصر {d}', 'on {D} afternoon'),
    ('اليوم {d}', 'أمس {d}', 'يوم {d}', 'on {D}'),
]
DAYS_AR = ['الاثنين', 'الثلاثاء', 'الأربعاء', 'الخميس', 'الجمعة', 'السبت', 'الأحد']
DAYS_EN = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
MONTHS_AR = ['كانون الثاني/يناير', 'شباط/فبراير', 'آذار/مارس', 'نيسان/أبريل', 'أيار/مايو', 'حزيران/يونيو',
             'تموز/يوليو', 'آب/أغسطس', 'أيلول/سبتمبر', 'تشرين الأول/أكتوبر', 'تشرين الثاني/نوفمبر',
             'كانون الأول/ديسمبر']
MONTHS_EN = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
             'November', 'December']

# leads that tell what happened and no toll, by the event's shape; {e} event, {s} site, {w} when
LEADS = {
    'hit': [
        ('طال{eta} {e} {s} في {t} {w}.', '{E} hit {s} in {T}, in {G}, {W}.'),
        ('تعرض حي سكني في مدينة {t} بمحافظة {g} {w} لهجوم حين أصاب{eta} {e} {s}.',
         'A residential part of {T}, in {G}, came under attack {W} when {e} struck {s}.'),
        ('استيقظ سكان {t} على دوي انفجارات بعد أن أصاب{eta} {e} {s} {w}.',
         'Explosions were heard across {T} {W} when {e} struck {s}.'),
        ('وقع{eta} {w} {e} على {sg} عند أطراف {t} في {g}.', '{E} struck {s} on the edge of {T} in {G} {W}.'),
    ],
    'blast': [
        ('انفجر{dta} {d} {w} قرب {sg} في {t} بمحافظة {g}.', '{D} exploded near {s} in {T}, in {G}, {W}.'),
        ('هز انفجار {d} مدينة {t} {w}، وألحق أضراراً كبيرة في محيط {sg}.',
         'An explosion shook {T} {W} when {d} went off beside {s}.'),
        ('دوى انفجار قوي في {t} {w} ناجم عن {d} قرب {sg}.',
         'A loud blast was heard in {T} {W}, caused by {d} left near {s}.'),
    ],
    'raid': [
        ('فتح مسلحون مجهولون النار على {sg} في {t} بمحافظة {g} {w}.',
         'Unidentified gunmen opened fire on {s} in {T}, in {G}, {W}.'),
        ('هاجم مسلحون {s} عند مدخل {t} {w} قبل أن يلوذوا بالفرار.',
         'Gunmen attacked {s} at the entrance to {T} {W} and then fled.'),
    ],
}

# sentences that carry no toll: colour, consequences, context. What stands in braces is filled from DETAILS (a capital:
# the English of it), so that two reports hardly ever share such a sentence by chance; {n} is a number.
FILLERS = [
    ('وقال {who} إن {thing} بقي مغلقاً حتى {until} بعد أن انقطعت الكهرباء.',
     '{Who} said {thing_en} stayed closed until {until_en} after the power went out.'),
    ('وتجمع سكان {t} أمام {thing} مطالبين ب{want}.', 'People in {T} gathered outside {thing_en} to demand {want_en}.'),
    ('وتضرر {thing} وتوقفت {service} نحو {n} ساعة.',
     '{Thing_en} was damaged and {service_en} stopped for about {n} hours.'),
    ('وروى {who} أن دوي الصوت سُمع في {thing} وأن الغبار غطى {field}.',
     '{Who} said the noise was heard at {thing_en} and that dust covered {field_en}.'),
    ('وتعتمد {t} على {crop}، غير أن {trouble} أضر بالموسم هذا العام.',
     '{T} lives on {crop_en}, but {trouble_en} has hurt the season this year.'),
    ('وكانت لجنة من {people} قد اتفقت على إصلاح {thing} قبل {until}.',
     'A committee of {people_en} had agreed to have {thing_en} repaired before {until_en}.'),
    ('وأعلنت البلدية أن {service} ستعود تدريجياً ابتداء من {until}.',
     'The municipality announced that {service_en} would return step by step from {until_en}.'),
    ('ويشكو {people} منذ شهور من {trouble} ومن غلاء {goods}.',
     'For months {people_en} have complained of {trouble_en} and of the price of {goods_en}.'),
    ('وناشد {who} المنظمات إرسال {goods} و{goods2} إلى {t}.',
     '{Who} called on aid groups to send {goods_en} and {goods2_en} to {T}.'),
    ('وبقيت الطريق المؤدية إلى {thing} مقطوعة، فسلك {people} طرقاً زراعية.',
     'The road to {thing_en} stayed cut, and {people_en} took farm tracks.'),
    ('وتفحم {field} قبل أن تصل فرق الإطفاء من جهة {thing}.',
     '{Field_en} burned before fire crews arrived from the direction of {thing_en}.'),
    ('ومن المنتظر أن يبحث مجلس {people} مسألة {want} في اجتماع يعقد قبل {until}.',
     'A council of {people_en} is expected to take up {want_en} at a meeting before {until_en}.'),
    ('وشوهد {who} وهو ينقل {goods} على عربة باتجاه {thing}.',
     '{Who} was seen carting {goods_en} towards {thing_en}.'),
    ('وأُلغيت {service} في {t}، كما أُغلق {thing} أمام {people}.',
     '{Service_en} was called off in {T}, and {thing_en} was closed to {people_en}.'),
]
DETAILS = {
    'who': [('صاحب متجر', 'A shopkeeper'), ('سائق حافلة', 'A bus driver'), ('معلم متقاعد', 'A retired teacher'),
            ('بائع خبز', 'A bread seller'), ('مزارع خمسيني', 'A farmer in his fifties'), ('إمام المسجد', 'The imam'),
            ('طالب جامعي', 'A university student'), ('حارس البناية', 'The caretaker'), ('صياد سمك', 'A fisherman'),
            ('خياط الحي', 'The local tailor'), ('مدير المدرسة', 'The head teacher'), ('موظف البريد', 'A postal clerk')],
    'thing': [('الجسر القديم', 'the old bridge'), ('موقف الحافلات', 'the bus station'), ('خزان المياه', 'the water tower'),
              ('معمل الزيت', 'the oil press'), ('الملعب البلدي', 'the football ground'), ('صومعة الحبوب', 'the grain silo'),
              ('سوق الأغنام', 'the sheep market'), ('المركز الثقافي', 'the cultural centre'), ('مبنى البريد', 'the post office'),
              ('معمل الثلج', 'the ice factory'), ('برج الاتصالات', 'the telephone mast'), ('دوار الساعة', 'the clock roundabout')],
    'until': [('نهاية الأسبوع', 'the end of the week'), ('مطلع الشهر المقبل', 'the start of next month'),
              ('موعد الحصاد', 'the harvest'), ('عطلة العيد', 'the holiday'), ('بدء الدراسة', 'the start of term'),
              ('ساعة متأخرة من الليل', 'late at night'), ('وصول الوقود', 'fuel arrived'), ('موسم الأمطار', 'the rains')],
    'want': [('فتح الطريق الدولي', 'the reopening of the highway'), ('صرف الرواتب المتأخرة', 'the payment of late wages'),
             ('تشغيل محطة الضخ', 'the restart of the pumping station'), ('إنارة الشوارع', 'street lighting'),
             ('نقل مكب النفايات', 'the removal of the rubbish tip'), ('خفض سعر الخبز', 'cheaper bread'),
             ('إعادة خط الهاتف', 'a working telephone line'), ('ترميم المدارس', 'repairs to the schools')],
    'service': [('حركة القطارات', 'the train service'), ('شبكة الهاتف', 'the telephone network'), ('ضخ المياه', 'water pumping'),
                ('خدمة الإنترنت', 'internet service'), ('دروس المساء', 'evening classes'), ('جمع القمامة', 'rubbish collection'),
                ('حملة التلقيح', 'the vaccination drive'), ('مباراة الدوري', 'the league match')],
    'field': [('بستان الرمان', 'the pomegranate orchard'), ('حقل القطن', 'the cotton field'), ('مشتل الزهور', 'the flower nursery'),
              ('مستودع الأعلاف', 'the fodder store'), ('ساحة الأخشاب', 'the timber yard'), ('بيوت البلاستيك', 'the greenhouses'),
              ('كرم العنب', 'the vineyard'), ('مظلة السوق', 'the market awning')],
    'crop': [('زراعة السمسم', 'sesame'), ('صيد السمك', 'fishing'), ('تربية النحل', 'bee-keeping'), ('بيع الحطب', 'selling firewood'),
             ('تجارة الجلود', 'the leather trade'), ('زراعة البصل', 'onions'), ('صناعة الفخار', 'pottery'), ('قطاف الزيتون', 'olives')],
    'trouble': [('شح المياه', 'a lack of water'), ('انقطاع الكهرباء', 'power cuts'), ('تلف البذور', 'spoilt seed'),
                ('موجة الصقيع', 'a spell of frost'), ('إغلاق المعبر', 'the closing of the crossing'), ('ملوحة التربة', 'salt in the soil'),
                ('غزو الجراد', 'a plague of locusts'), ('تعطل المضخات', 'broken pumps')],
    'people': [('التجار', 'traders'), ('العمال', 'workmen'), ('الطلاب', 'students'), ('أصحاب الشاحنات', 'lorry owners'),
               ('الباعة', 'street sellers'), ('الرعاة', 'herdsmen'), ('الأطباء', 'doctors'), ('أصحاب المخابز', 'bakers')],
    'goods': [('الطحين', 'flour'), ('البطانيات', 'blankets'), ('أدوية السكري', 'diabetes medicine'), ('المازوت', 'diesel'),
              ('حليب الأطفال', 'baby milk'), ('ألواح الزجاج', 'panes of glass'), ('الخيام', 'tents'), ('مياه الشرب', 'drinking water')],
}
DETAILS['goods2'] = DETAILS['goods'][::-1]

# closing sentences that tell of other harm: of an earlier year, and a running total; {n} counted people
PAST = [
    ('وكان {past} قد أودى بحياة {n} في المدينة نفسها في {m} {y}.', 'In {M} {y}, {Past} killed {n} in the same town.'),
    ('وفي {m} {y} قُتل {N} في حادث مماثل وقع في {t}.', 'A similar incident in {T} killed {n} in {M} {y}.'),
]
TOTAL = [
    ('وبذلك يرتفع إلى {x} عدد من قُتلوا في المحافظة منذ مطلع العام، بحسب إحصاءات أممية.',
     'The United Nations says {x} people have been killed in the province since the start of the year.'),
    ('وقُتل {x} مدنياً في عموم البلاد منذ بداية الشهر، وفق الأمم المتحدة.',
     'Across the country {x} civilians have been killed since the start of the month, according to the United Nations.'),
]

# Arabic: {v} voice, {S} said (verb agrees), {e} event, {w} when, {t} town, {s} site,
# {nom} nominal toll ("the killing of"), {ver} verbal toll, {cnt} counted toll ("five dead and …"), {sub} toll after "that"
SAID_AR = [('قال', 'قالت'), ('أكد', 'أكدت'), ('ذكر', 'ذكرت'), ('أوضح', 'أوضحت'), ('أعلن', 'أعلنت')]
STATED_AR = [
    '{S} {v} إن {e} {hit} {s} في {t} {w}، ما أدى إلى {nom}.',
    '{S} {v}، في بيان، إن {sub} جراء {e} {hit} {s} في {t} {w}.',
    'أفاد{ta} {v} ب{nom} جراء {e} {hit} {s} في {t} {w}.',
    '{ver} {w} جراء {e} {hit} {s} في {t}، بحسب {v}.',
    'أسفر{eta} {e} {hit} {s} في {t} {w} عن {nom}، وفق ما {s2} {v}.',
    'بلغت حصيلة {e} {hit} {s} في {t} {w} {cnt}، وفقاً لـ{v}.',
    '{S} {v} أن حصيلة {e} في {t} بلغت {cnt}.',
    '{S} {v} أن {sub} {w} في {e} {hit} {s} في {t}.',
]
LATER_AR = [  # after a lead that told the event
    'و{S} {v} إن ذلك أدى إلى {nom}.', 'وأفاد{ta} {v} ب{nom}.', 'و{ver}، بحسب {v}.', 'وأسفر ذلك عن {nom}، وفق {v}.',
    'و{S} {v} أن {sub}.', 'من جانبه{ha}، {S} {v} أن الحصيلة بلغت {cnt}.', 'وبحسب {v}، {ver}.',
]
OWN_AR = [
    'خلّف{eta} {e} {hit} {s} في {t} {w} {cnt}.', 'أسفر{eta} {e} {hit} {s} في {t} {w} عن {nom}.',
    '{adda} {e} {hit} {s} في {t} {w} إلى وفاة {kobl}{andinj}.', 'انتهى {w} في {t} بـ{nom} بعد {e} {hit} {s}.',
    'كانت {t} {w} على موعد مع {e} {hit} {s} و{adda} إلى {nom}.',
]
HEARD_AR = [
    '{S} {v} ل{o} إن {e} {hit} {s} في {t} {w}، ما أسفر عن {nom}.',
    'أبلغ{ta} {v} {o} ب{nom} جراء {e} {hit} {s} في {t} {w}.',
    '{S} {v}، في اتصال هاتفي مع {o}، إن {sub} جراء {e} في {t} {w}.',
    'روى{heardf} {v} ل{o} تفاصيل ما جرى في {t} {w}، قائلاً إن {sub} في {e} {hit} {s}.',
]
HEARD_LATER_AR = [
    'و{S} {v} ل{o} إن ذلك أدى إلى {nom}.', 'و{S} {v}، طلب{ta} عدم الكشف عن هويت{hu}، إن {sub}.',
    'وأفاد{ta} {v} {o} ب{nom}.', 'ونقل{ota} {o} عن {v} قوله إن {sub}.',
]
RELAY_AR = [  # {a} the outlet that is cited
    'نقل{ata} {a} عن {v} أن {sub} جراء {e} {hit} {s} في {t} {w}.',
    'ذكر{ata} {a}، نقلاً عن {v}، أن {sub} {w} في {e} {hit} {s} في {t}.',
    '{ver} {w} جراء {e} في {t}، وفق ما نقل{ata} {a} عن {v}.',
    'وبحسب ما أورد{ata} {a} نقلاً عن {v}، {ver} {w} جراء {e} {hit} {s} في {t}.',
]
RELAY2_AR = [  # {b} cites {a}, who cites {v}
    'ذكر{bta} {b}، نقلاً عن {a} التي استندت إلى {v}، أن {sub} {w} جراء {e} في {t}.',
    'قال{bta} {b} إن {sub} {w} في {t} جراء {e}، مستند{bh} إلى ما أورد{ata} {a} عن {v}.',
]
CITE_AR = [  # an outlet that is cited without a source of its own
    'ذكر{ata} {a} أن {sub} {w} جراء {e} {hit} {s} في {t}.',
    '{ver} {w} جراء {e} {hit} {s} في {t}، حسب ما أورد{ata} {a}.',
    'نقلاً عن {a}، {ver} {w} جراء {e} في {t}.',
    'أسفر{eta} {e} {hit} {s} في {t} {w} عن {nom}، بحسب {a}.',
]
RAISED_AR = [
    'رفع{ta} {v} حصيلة {e} في {t} إلى {cnt}.', 'ارتفعت حصيلة {e} الذي وقع في {t} {w} إلى {cnt}، بحسب {v}.',
    'أعلن{ta} {v} ارتفاع عدد ضحايا {e} في {t} {w} إلى {cnt}.',
    '{S} {v}، في حصيلة جديدة، إن {e} في {t} {w} أدى إلى {nom}.',
]
LOWERED_AR = [
    'صحح{ta} {v} حصيلة {e} في {t} {w}، و{S} إن العدد الصحيح هو {cnt}.',
    '{S} {v} إن الحصيلة المؤكدة لـ{e} في {t} {w} هي {cnt}، وليس كما أُعلن سابقاً.',
]
DENIED_AR = [
    'نفى{nf} {v} سقوط أي ضحايا مدنيين في {t} {w}.', 'نفى{nf} {v} وقوع أي إصابات بين المدنيين جراء {e} في {t} {w}.',
    '{S} {v} إن ما يشاع عن سقوط ضحايا مدنيين في {t} {w} عارٍ عن الصحة، نافي{nfh} سقوط أي ضحايا.',
]

STATED_EN = [
    '{V} said {sub} when {e} {hit} {s} in {T} {w}.', '{Sub} {w} when {e} {hit} {s} in {T}, according to {v}.',
    '{E} that {hit} {s} in {T} {w} {act}, {v} said.', '{V} said in a statement that {e} {on} {s} in {T} {w} {had}.',
    '{Sub} in {e} {on} {s} in {T}, in {G}, {w}, {v} said.',
    '{V} put the toll of {w2} {ev} in {T} at {cnt}.',
]
LATER_EN = [
    '{V} said {sub}.', '{Sub}, according to {v}.', '{V} put the toll at {cnt}.', '{V} said the attack {had}.',
    '{Sub}, {v} said in a statement.',
]
OWN_EN = [
    '{Sub} {w} when {e} {hit} {s} in {T}.', '{E} {on} {s} in {T}, in {G}, {w} {act}.',
    '{Sub} {w} in {T}, in {G}, as {e} {hit} {s}.',
]
HEARD_EN = [
    '{V} told {o} that {sub} when {e} {hit} {s} in {T} {w}.', '{Sub} {w} when {e} {hit} {s} in {T}, {v} told {o}.',
    'Speaking to {o} by telephone, {v} said {sub} when {e} {hit} {s} in {T} {w}.',
]
HEARD_LATER_EN = ['{V} told {o} that {sub}.', '{Sub}, {v} told {o}.', '{V}, who asked not to be named, said {sub}.']
RELAY_EN = [
    '{A} reported, citing {v}, that {sub} {w} when {e} {hit} {s} in {T}.',
    '{Sub} {w} when {e} {hit} {s} in {T}, {a} reported, quoting {v}.',
    'Citing {v}, {a} said {sub} in {e} in {T} {w}.',
]
RELAY2_EN = [
    '{B}, quoting {a}, said {sub} {w} in {e} in {T}; the information came from {v}.',
    '{B}, citing {a} which quoted {v}, reported that {sub} in {e} in {T} {w}.',
]
CITE_EN = [
    '{Sub} {w} when {e} {hit} {s} in {T}, {a} reported.', '{A} said {sub} when {e} {hit} {s} in {T} {w}.',
    '{E} {on} {s} in {T} {w} {act}, according to {a}.',
]
RAISED_EN = [
    '{V} has raised the toll of {w2} {ev} in {T} to {cnt}.', 'The toll of {w2} {ev} in {T} has risen to {cnt}, {v} said.',
    '{V}, giving a new count, said {w2} {ev} in {T} {had}.',
]
LOWERED_EN = [
    '{V} has corrected the toll of {w2} {ev} in {T} to {cnt}.',
    '{V} said the earlier toll was wrong and that {w2} {ev} in {T} {had}.',
]
DENIED_EN = [
    '{V} denied that there were any civilian casualties in {T} {w}.',
    '{V} said reports of civilian casualties in {T} {w} were false and that no civilian had been hurt.',
]

# light edits of a copy: words for words
EDITS = {
    'ar': [('جراء', 'إثر'), ('ما أدى إلى', 'ما تسبب في'), ('نحو', 'قرابة'), ('وقال', 'وذكر'), ('وروى', 'وأضاف'), ('السكان', 'الأهالي'),
           ('سكان', 'أهالي'), ('المؤدية', 'الموصلة'), ('تدريجياً', 'شيئاً فشيئاً'), ('منذ شهور', 'منذ أشهر'), ('هذا العام', 'هذه السنة'),
           ('وناشد', 'ودعا'), ('بقي مغلقاً', 'ظل مغلقاً'), ('وبقيت', 'وظلت'), ('بحسب', 'وفق'), ('أمام', 'قرب'), ('كما أُغلق', 'فيما أُغلق')],
    'en': [('near', 'close to'), ('stayed', 'remained'), ('stopped', 'was halted'), ('about', 'some'), ('People', 'Residents'),
           ('gathered', 'assembled'), ('damaged', 'hit'), ('burned', 'burnt down'), ('announced', 'declared'), ('hurt the', 'harmed the'),
           ('closed', 'shut'), ('called on', 'urged'), ('expected', 'due'), ('towards', 'in the direction of'), ('lives on', 'depends on')],
}

# statements side by side for reports that are translated sentence by sentence
ALIGNED = {
    'stated': [
        ('و{S} {v} إن {sub}.', '{V} said {sub}.'),
        ('وأسفر الهجوم عن {nom}، وفق {v}.', 'The attack {act}, according to {v}.'),
        ('و{ver}، بحسب {v}.', '{Sub}, {v} said.'),
    ],
    'heard': [
        ('و{S} {v} إن {sub}.', '{V} said {sub}.'),
        ('وأدى الهجوم إلى {nom}، بحسب {v}.', 'The attack {act}, {v} said.'),
    ],
    'own': [
        ('و{ver} في الهجوم.', '{Sub} in the attack.'),
        ('وأسفر الهجوم عن {nom}.', 'The attack {act}.'),
        ('وأدى ذلك إلى {nom}.', 'It {act}.'),
    ],
}
TITLES_AR = ['{tit} في {t}', '{e} {hit} {s} في {t}', '{tit} جراء {e} في {t}', '{t}.. ضحايا في {e}',
             '{g}: {tit} في {e} على {t}', '{e} في {t} ب{g}']
TITLES_EN = ['{Sub} in {T}', '{E} hits {T}', '{T}: {cnt} after {e}', 'Casualties in {T} after {e}', '{E} in {T}, {G}']
TITLES_VOICE_AR = ['{v}: {tit} في {t}', '{tit} في {t} وفق {v}']
TITLES_VOICE_EN = ['{Sub} in {T}, says {v}', '{V}: {cnt} in {T}']
