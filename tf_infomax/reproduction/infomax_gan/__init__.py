"""The experiments of InfoMax-GAN (Lee et al., WACV 2021), and the study of when its contrast learns."""
