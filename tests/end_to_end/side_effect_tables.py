"""Which lists of side effects there are, whose they are, and what stands on none of them."""

from __future__ import annotations

# By the treatment that has the list: everyone whose list it is, then three that are not on it.
LISTS: dict[str, tuple[tuple[str, ...], tuple[str, str, str]]] = {
    "interleukin-2": (("interleukin-2",), ("hair loss", "heartburn", "headache")),
    "interferon alpha": (("interferon alpha",), ("hair loss", "mouth sores", "heartburn")),
    "nivolumab": (("nivolumab",), ("hair loss", "fainting", "weight loss")),
    "bevacizumab": (("bevacizumab",), ("hair loss", "fever", "rash")),
    "tyrosine kinase inhibitors": (
        ("tyrosine kinase inhibitors", "cabozantinib", "pazopanib", "sorafenib", "sunitinib",
         "axitinib", "lenvatinib"),
        ("fainting", "hair loss", "mouth sores"),
    ),
    "mTOR inhibitors": (
        ("mTOR inhibitors", "everolimus", "temsirolimus"), ("hair loss", "heartburn", "fainting"),
    ),
    "radiation therapy": (("radiation therapy",), ("hair loss", "fainting", "mouth sores")),
    "chemotherapy": (
        ("chemotherapy", "vinblastine", "capecitabine", "gemcitabine"),
        ("fainting", "rash", "high blood pressure"),
    ),
}  # fmt: skip
# One of each item of each list, in the words of the document.
ITEMS: dict[str, tuple[str, ...]] = {
    "interleukin-2": (
        "Low blood pressure", "Fluid in the lungs", "Kidney damage", "Heart attack",
        "Fatigue (feeling very tired)", "Bleeding", "Chills", "Fever",
    ),
    "interferon alpha": (
        "Signs like the flu, such as fever and chills", "Nausea", "Fatigue (feeling very tired)",
    ),
    "nivolumab": (
        "A rash or red patches on the skin", "Feeling tired", "Diarrhea", "Belly pain",
        "Trouble breathing, a cough, or chest pain", "Nausea", "A sore or dry mouth", "Headache",
    ),
    "bevacizumab": (
        "Fainting", "Not feeling hungry", "A change in how food tastes", "Heartburn", "Diarrhea",
        "Weight loss", "Mouth sores",
    ),
    "tyrosine kinase inhibitors": (
        "Nausea", "Diarrhea", "High blood pressure", "Pain in the hands and feet", "Liver problems",
    ),
    "mTOR inhibitors": (
        "Mouth sores", "Rash", "Weakness", "Not feeling hungry",
        "Fluid that builds up in the face or legs", "High blood sugar and high cholesterol",
    ),
    "radiation therapy": (
        "Fatigue (feeling very tired)", "Redness of the skin", "Upset stomach", "Diarrhea",
    ),
    "chemotherapy": (
        "Hair loss", "Mouth sores", "Not feeling hungry", "Feeling tired", "Nausea and vomiting",
        "Diarrhea or constipation", "A higher risk of infections",
    ),
}  # fmt: skip
# "Which treatments list ...?"
BACKWARDS: dict[str, str] = {
    "low blood pressure": "low_blood_pressure",
    "fluid in the lungs": "fluid_in_lungs",
    "kidney damage": "kidney_damage",
    "heart attack": "heart_attack",
    "fatigue": "fatigue",
    "bleeding": "bleeding",
    "chills": "chills",
    "fever": "fever",
    "flu-like symptoms": "flu_like_symptoms",
    "nausea": "nausea",
    "rash": "rash",
    "redness of the skin": "skin_redness",
    "diarrhea": "diarrhea",
    "belly pain": "belly_pain",
    "trouble breathing": "breathing_trouble",
    "chest pain": "chest_pain",
    "cough": "cough",
    "dry mouth": "dry_mouth",
    "a sore mouth": "sore_mouth",
    "headache": "headache",
    "fainting": "fainting",
    "loss of appetite": "loss_of_appetite",
    "changes in taste": "taste_change",
    "heartburn": "heartburn",
    "weight loss": "weight_loss",
    "mouth sores": "mouth_sores",
    "high blood pressure": "high_blood_pressure",
    "pain in the hands and feet": "hand_foot_pain",
    "liver problems": "liver_problems",
    "weakness": "weakness",
    "fluid buildup in the legs": "fluid_buildup",
    "high blood sugar": "high_blood_sugar",
    "high cholesterol": "high_cholesterol",
    "upset stomach": "upset_stomach",
    "hair loss": "hair_loss",
    "vomiting": "vomiting",
    "constipation": "constipation",
    "infections": "infections",
}
